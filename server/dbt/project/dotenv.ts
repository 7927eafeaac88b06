// `.env` as python-dotenv reads it (dbt 1.12: the nearest one from the current directory upwards; the shell's values win).
// Text to pairs; `${X}` and `${X:-default}` are replaced from the environment and what stands before.

import type { Disk } from '../ports.ts'

/** The environment as dbt sees it: `env` with the pairs of the nearest `.env` under it. `path`: the file that was read, null when there is none. */
export function withDotenv(env: ReadonlyMap<string, string>, cwd: string, disk: Disk): { readonly env: ReadonlyMap<string, string>; readonly path: string | null } {
  for (let directory = cwd; ; directory = directory.slice(0, directory.lastIndexOf('/'))) {
    const path = `${directory === '/' ? '' : directory}/.env`
    if (disk.kind(path) === 'file') return { env: new Map([...parseDotenv(disk.read(path) ?? '', env), ...env]), path }
    if (!directory.includes('/') || directory === '/') return { env, path: null }
  }
}

const SPACE_AND_LINES = /\s*/y
const EXPORT = /(?:export[^\S\r\n]+)?/y
const QUOTED_KEY = /'([^']+)'/y
const KEY = /([^=#\s]+)/y
const SPACE = /[^\S\r\n]*/y
const EQUALS = /=[^\S\r\n]*/y
const SINGLE = /'((?:\\'|[^'])*)'/y
const DOUBLE = /"((?:\\"|[^"])*)"/y
const BARE = /[^\r\n]*/y
const COMMENT = /(?:[^\S\r\n]*#[^\r\n]*)?/y
const LINE_END = /[^\S\r\n]*(?:\r\n|\n|\r|$)/y
const REST_OF_LINE = /[^\r\n]*(?:\r\n|\n|\r)?/y

/** Lines that are no binding are passed over, as python-dotenv does with a warning. */
export function parseDotenv(text: string, env: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  // null: a name without `=`, which counts as defined and empty for ${…}
  const pairs = new Map<string, string | null>()
  let at = take(SPACE_AND_LINES, text, 0)?.end ?? 0
  while (at < text.length) {
    const binding = readBinding(text, at)
    if (binding.key !== undefined) pairs.set(binding.key, binding.value === null ? null : expand(binding.value, pairs, env))
    const end = binding.refused ? take(REST_OF_LINE, text, binding.end)?.end ?? text.length : binding.end
    at = take(SPACE_AND_LINES, text, Math.max(end, at + 1))?.end ?? text.length
  }
  return new Map(Array.from(pairs).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])))
}

interface Taken { readonly text: string; readonly end: number }

function take(pattern: RegExp, text: string, at: number): Taken | null {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  return match ? { text: match[1] ?? match[0], end: at + match[0].length } : null
}

/** `key` undefined: a line of comment alone, or (`refused`) no binding, given up at `end`: from there on the line is passed over. */
interface Binding { readonly key: string | undefined; readonly value: string | null; readonly end: number; readonly refused: boolean }

function refuse(end: number): Binding { return { key: undefined, value: null, end, refused: true } }

function readBinding(text: string, start: number): Binding {
  let at = take(EXPORT, text, start)?.end ?? start
  let key: string | undefined
  if (text[at] !== '#') {
    const name = take(text[at] === "'" ? QUOTED_KEY : KEY, text, at)
    if (!name) return refuse(at)
    key = name.text
    at = name.end
  }
  at = take(SPACE, text, at)?.end ?? at
  const equals = take(EQUALS, text, at)
  const value = equals ? readValue(text, equals.end) : { text: null, end: at }
  if (!value) return refuse(equals?.end ?? at)
  const afterComment = take(COMMENT, text, value.end)?.end ?? value.end
  const end = take(LINE_END, text, afterComment)
  return end ? { key, value: value.text, end: end.end, refused: false } : refuse(afterComment)
}

function readValue(text: string, at: number): Taken | null {
  const quoted = text[at] === "'" ? take(SINGLE, text, at) : text[at] === '"' ? take(DOUBLE, text, at) : null
  if (text[at] === "'") return quoted && { text: quoted.text.replace(/\\[\\']/g, (escape) => escape.slice(1)), end: quoted.end }
  if (text[at] === '"') return quoted && { text: quoted.text.replace(/\\[\\'"abfnrtv]/g, (escape) => ESCAPES[escape.slice(1)] ?? escape.slice(1)), end: quoted.end }
  const bare = take(BARE, text, at)
  return bare && { text: bare.text.replace(/\s+#.*/, '').trimEnd(), end: bare.end }
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function expand(value: string, pairs: ReadonlyMap<string, string | null>, env: ReadonlyMap<string, string>): string {
  return value.replace(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, name: string, fallback?: string) => env.get(name) ?? (pairs.has(name) ? pairs.get(name) ?? '' : fallback ?? ''))
}
