// `.dbtignore`: gitignore syntax as Python's pathspec matches it (parser/read_files.py generate_dbt_ignore_spec). Unlike git's own rule,
// the last pattern that matches a file decides, also below an ignored directory. Matching is by segments, without regular expressions: time is bounded.

export interface IgnoreSpec { readonly patterns: readonly IgnorePattern[] }

interface IgnorePattern { readonly ignores: boolean; readonly segments: readonly string[]; readonly directoryOnly: boolean }

export function parseIgnore(text: string): IgnoreSpec {
  return { patterns: text.split(/\r\n|\n|\r/).flatMap((line) => parsePattern(line) ?? []) }
}

/** `path` is relative to the package, `/`-separated. */
export function isIgnored(spec: IgnoreSpec, path: string): boolean {
  const segments = path.replace(/^\.?\//, '').split('/')
  for (let i = spec.patterns.length - 1; i >= 0; i--) {
    const pattern = spec.patterns[i]
    if (pattern && matches(pattern, segments)) return pattern.ignores
  }
  return false
}

function parsePattern(line: string): IgnorePattern | null {
  let text = line.endsWith('\\ ') ? line : line.trimEnd()
  if (text === '' || text.startsWith('#') || text === '/') return null
  const ignores = !text.startsWith('!')
  if (!ignores) text = text.slice(1)
  const segments = text.split('/')
  const directoryOnly = segments.at(-1) === ''
  if (segments[0] === '') segments.shift()
  else if ((segments.length === 1 || (segments.length === 2 && directoryOnly)) && segments[0] !== '**') segments.unshift('**')
  if (segments.length === 0) return null
  if (segments.at(-1) === '') segments[segments.length - 1] = '**'
  const collapsed = segments.filter((segment, index) => segment !== '**' || segments[index - 1] !== '**')
  return { ignores, segments: collapsed, directoryOnly }
}

/** The pattern stands for a path or for any directory above it. */
function matches({ segments, directoryOnly }: IgnorePattern, path: readonly string[]): boolean {
  if (segments.length === 1 && segments[0] === '**') return directoryOnly ? path.length > 1 : true
  const [first, second = '', third] = segments
  // nearly every pattern is a name anywhere: `*.bak`, `old/`
  if (first === '**' && segments.length === 2) return path.some((part) => globMatches(second, part))
  if (first === '**' && segments.length === 3 && third === '**') return path.some((part, index) => index < path.length - 1 && globMatches(second, part))
  // reached[k]: the pattern up to here can stand for the first k segments of the path
  let reached = new Set([0])
  for (const [index, segment] of segments.entries()) {
    const next = new Set<number>()
    const last = index === segments.length - 1
    if (segment === '**') {
      if (last) return [...reached].some((at) => at < path.length)
      const least = Math.min(...reached)
      for (let at = least; at < path.length; at++) next.add(at)
    } else {
      for (const at of reached) if (at < path.length && globMatches(segment, path[at] ?? '')) next.add(at + 1)
    }
    if (next.size === 0) return false
    reached = next
  }
  return true
}

/** `*`, `?`, `[…]` and `\x` within one segment; the usual walk with one point to go back to. */
function globMatches(glob: string, text: string): boolean {
  let at = 0
  let position = 0
  let star = -1
  let starPosition = 0
  while (position < text.length) {
    const step = glob[at] === '*' ? null : matchOne(glob, at, text[position] ?? '')
    if (glob[at] === '*') { star = at++; starPosition = position }
    else if (step !== null && step > 0) { at = step; position++ }
    else if (star >= 0) { at = star + 1; position = ++starPosition }
    else return false
  }
  while (glob[at] === '*') at++
  return at === glob.length
}

/** Where the pattern goes on after matching one character; 0 when it doesn't match. */
function matchOne(glob: string, at: number, character: string): number {
  const c = glob[at]
  if (c === undefined) return 0
  if (c === '?') return at + 1
  if (c === '\\') return glob[at + 1] === character ? at + 2 : 0
  if (c !== '[') return c === character ? at + 1 : 0
  const negated = glob[at + 1] === '!' || glob[at + 1] === '^'
  let i = at + (negated ? 2 : 1)
  let found = false
  for (let first = true; i < glob.length && (first || glob[i] !== ']'); first = false) {
    if (glob[i] === '\\') i++
    const from = glob[i] ?? ''
    if (glob[i + 1] === '-' && i + 2 < glob.length && glob[i + 2] !== ']') {
      if (from <= character && character <= (glob[i + 2] ?? '')) found = true
      i += 3
    } else {
      if (from === character) found = true
      i++
    }
  }
  if (i >= glob.length) return character === '[' ? at + 1 : 0
  return found !== negated ? i + 1 : 0
}
