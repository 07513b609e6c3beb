/** What a registrar grants (RFC 3261 §10.3). Seconds are whole. */
export interface RegistrarRules {
  /** When the client asks for no interval. */
  readonly defaultExpiresS: number;
  /** Shorter ones, below an hour, get 423. */
  readonly minExpiresS: number;
  /** Longer ones are cut to this. */
  readonly maxExpiresS: number;
  /** Bindings of one address-of-record; 403 beyond. */
  readonly maxBindings: number;
}

export const DEFAULT_REGISTRAR_RULES: RegistrarRules = {
  defaultExpiresS: 3600,
  minExpiresS: 30,
  maxExpiresS: 7200,
  maxBindings: 10,
};
