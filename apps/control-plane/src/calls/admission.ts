/** Whether this node takes new calls; it closes when the node begins to shut down. */
export class Admission {
  open = true;
}
