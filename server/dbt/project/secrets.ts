// What counts as a secret and what stands in its place: profiles are read here, but passwords go nowhere from here.

/** What dbt itself prints for a secret variable's value. */
export const SECRET_STARS = '*****'

/** Keys whose values are never shown. */
export function isSecretKey(key: string): boolean {
  return /pass|pwd|token|secret|private|credential|keyfile|api_?key|access_?key|_key$|^key$/i.test(key)
}

const SECRET_NAME = /^DBT_ENV_SECRET|PASSW|PASSPHRASE|PASS(?:_|$)|(?:^|_)(?:PWD|PAT|AUTH)(?:_|$)|TOKEN|SECRET|PRIVATE|CREDENTIAL|AUTHORIZATION|(?:API|ACCESS|ACCOUNT|SHARED|SIGNING|ENCRYPTION)_?KEY/i
/** Shorter values stand in too much that is none. */
const SHORTEST_SECRET = 4

/** Whether the value of an environment variable of this name must not be shown. */
export function isSecretName(name: string): boolean { return name !== 'PWD' && SECRET_NAME.test(name) }

/** The values of an environment that must not be shown. */
export function secretValues(env: ReadonlyMap<string, string>): readonly string[] {
  return [...env].filter(([name, value]) => value.length >= SHORTEST_SECRET && isSecretName(name)).map(([, value]) => value)
}

/** A line of a program or a command line, for people: values of secret variables, and what is written behind a word for a secret or before the host of an address, as stars. */
export function withoutSecrets(text: string, env: ReadonlyMap<string, string>): string {
  return secretValues(env).reduce((shown, secret) => shown.replaceAll(secret, SECRET_STARS), text)
    .replaceAll(/((?:passw(?:or)?d|pass|token|secret|private_key|api_key|access_key)["']?\s*[:=]\s*["']?)(?!["'$\s])[^\s"',}]+/gi, `$1${SECRET_STARS}`)
    .replaceAll(/(\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+)[^\s"'$]+/gi, `$1${SECRET_STARS}`)
    .replaceAll(/(:\/\/[^\s/:@]+:)[^\s/@$]+@/g, `$1${SECRET_STARS}@`)
}
