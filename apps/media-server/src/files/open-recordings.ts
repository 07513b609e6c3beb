/** The files that are being recorded to: two recordings in one file would spoil both. */
export class OpenRecordings {
  private readonly paths = new Set<string>();

  /** False when it is being recorded to already. */
  claim(path: string): boolean {
    if (this.paths.has(path)) return false;
    this.paths.add(path);
    return true;
  }

  release(path: string): void {
    this.paths.delete(path);
  }
}
