// What counts as a secret and what stands in its place: profiles are read here, but passwords go nowhere from here.

/** What dbt itself prints for a secret variable's value. */
export const SECRET_STARS = '*****'

/** Keys whose values are never shown. */
export function isSecretKey(key: string): boolean {
  return /pass|pwd|token|secret|private|credential|keyfile|api_?key|access_?key|_key$|^key$/i.test(key)
}
