/** Why a REGISTER changes nothing; never a 6xx (RFC 3261 §10.3). */
export interface RegisterRefusal {
  readonly status: 400 | 403 | 404 | 420 | 423 | 500 | 503;
  readonly reason: string;
  readonly headers: readonly (readonly [string, string])[];
}

export const refuseRegister = (
  status: RegisterRefusal['status'],
  reason: string,
  headers: RegisterRefusal['headers'] = [],
): RegisterRefusal => ({ status, reason, headers });
