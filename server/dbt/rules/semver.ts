// dbt's semantic versions and ranges, as dbt_common/semver.py reads them. Only the order and the regex; messages are the caller's.

export interface Version {
  readonly major: number
  readonly minor: number
  readonly patch: number
  readonly prerelease: string | null
}

export type Matcher = '>' | '>=' | '<' | '<=' | '='

export interface Specifier extends Version {
  readonly matcher: Matcher
  readonly text: string
}

const NUMBER = '(0|[1-9]\\d*)'
const PART = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)'
const VERSION = new RegExp(`^(>=|>|<|<=|=)?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-?(${PART}(?:\\.${PART})*))?(?:\\+[0-9A-Za-z-]*(?:\\.[0-9A-Za-z-]*)*)?$`)

/** VersionSpecifier.from_version_string: null is dbt's `"…" is not a valid semantic version.` */
export function parseSpecifier(text: string): Specifier | null {
  const match = VERSION.exec(text)
  if (!match) return null
  const [, matcher, major, minor, patch, prerelease] = match
  return { matcher: (matcher ?? '=') as Matcher, major: Number(major), minor: Number(minor), patch: Number(patch), prerelease: prerelease ?? null, text }
}

/** `dbt --version`'s or a manifest's dbt_version; lenient: `2.0.0a4`, `1.12.6rc1`. */
export function parseVersion(text: string): Version | null {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?[-.]?([0-9A-Za-z][0-9A-Za-z.-]*)?/.exec(text.trim())
  if (!match) return null
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0), prerelease: match[4] ?? null }
}

function compareVersions(a: Version, b: Version): number {
  const numbers = a.major - b.major || a.minor - b.minor || a.patch - b.patch
  if (numbers !== 0) return numbers
  if (a.prerelease === b.prerelease) return 0
  if (a.prerelease === null) return 1
  if (b.prerelease === null) return -1
  return comparePrereleases(a.prerelease, b.prerelease)
}

/**
 * versions_compatible(installed, *specifiers): whether one version satisfies all of them.
 * A pre-release of the upper bound's own number does not count as below it.
 */
export function satisfies(version: Version, specifiers: readonly Specifier[]): boolean {
  return specifiers.every((specifier) => {
    const order = compareVersions(version, specifier)
    switch (specifier.matcher) {
      case '>': return order > 0
      case '>=': return order >= 0
      case '<': return order < 0 && !(version.prerelease !== null && specifier.prerelease === null
        && version.major === specifier.major && version.minor === specifier.minor && version.patch === specifier.patch)
      case '<=': return order <= 0
      case '=': return order === 0
    }
  })
}

/** versions_compatible(*specifiers): whether any version could satisfy them. */
export function satisfiable(specifiers: readonly Specifier[]): boolean {
  let low: Specifier | null = null
  let high: Specifier | null = null
  for (const specifier of specifiers) {
    if (specifier.matcher === '=') return satisfies(specifier, specifiers)
    if (specifier.matcher.startsWith('>')) { if (!low || compareVersions(specifier, low) > 0 || (compareVersions(specifier, low) === 0 && specifier.matcher === '>')) low = specifier }
    else if (!high || compareVersions(specifier, high) < 0 || (compareVersions(specifier, high) === 0 && specifier.matcher === '<')) high = specifier
  }
  if (!low || !high) return true
  const order = compareVersions(low, high)
  return order < 0 || (order === 0 && low.matcher === '>=' && high.matcher === '<=')
}

function comparePrereleases(a: string, b: string): number {
  const left = a.split('.')
  const right = b.split('.')
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i] ?? ''
    const y = right[i] ?? ''
    const xNumber = /^\d+$/.test(x)
    const yNumber = /^\d+$/.test(y)
    if (xNumber && yNumber && Number(x) !== Number(y)) return Number(x) - Number(y)
    if (xNumber !== yNumber) return xNumber ? -1 : 1
    if (x !== y && !xNumber) return x < y ? -1 : 1
  }
  return a.length - b.length
}
