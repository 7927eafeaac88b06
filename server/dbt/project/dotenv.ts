// `.env` as python-dotenv reads it (dbt 1.12: the nearest one from the current directory upwards; the shell's values win).
// Text to pairs; `${X}` and `${X:-default}` are replaced from what stands before and the environment.

import type { Disk } from '../ports.ts'

/** The environment as dbt sees it: `env` with the pairs of the nearest `.env` under it. `path`: the file that was read, null when there is none. */
export function withDotenv(env: ReadonlyMap<string, string>, cwd: string, disk: Disk): { readonly env: ReadonlyMap<string, string>; readonly path: string | null } {
  for (let directory = cwd; ; directory = directory.slice(0, Math.max(1, directory.lastIndexOf('/')))) {
    const path = directory === '/' ? '/.env' : `${directory}/.env`
    if (disk.kind(path) === 'file') return { env: new Map([...parseDotenv(disk.read(path) ?? '', env), ...env]), path }
    if (directory === '/' || !directory.includes('/')) return { env, path: null }
  }
}

const BINDING = /^[^\S\r\n]*(?:export[^\S\r\n]+)?(?:'([^']+)'|([^=#\s]+))[^\S\r\n]*(?:=[^\S\r\n]*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\r\n]*)))?[^\S\r\n]*(?:#[^\r\n]*)?$/

export function parseDotenv(text: string, env: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const statement of statements(text)) {
    const match = BINDING.exec(statement)
    const name = match?.[1] ?? match?.[2]
    if (!match || name === undefined) continue
    const [, , , single, double, bare] = match
    if (single === undefined && double === undefined && bare === undefined) continue
    const raw = single !== undefined ? single.replace(/\\([\\'])/g, '$1')
      : double !== undefined ? double.replace(/\\([\\'"abfnrtv])/g, (_, letter: string) => ESCAPES[letter] ?? letter)
      : (bare ?? '').replace(/\s+#.*/, '').trimEnd()
    pairs.set(name, raw.replace(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, variable: string, fallback?: string) => env.get(variable) ?? pairs.get(variable) ?? fallback ?? ''))
  }
  return pairs
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** Lines, with quoted values that go over several of them kept together. */
function statements(text: string): string[] {
  const found: string[] = []
  const lines = text.split(/\r\n|\n|\r/)
  for (let i = 0; i < lines.length; i++) {
    let statement = lines[i] ?? ''
    if (/^\s*(#|$)/.test(statement)) continue
    const quote = /=[^\S\r\n]*(['"])/.exec(statement)?.[1]
    if (quote !== undefined) {
      const start = statement.indexOf(quote, statement.indexOf('='))
      while (!closed(statement, start, quote) && i + 1 < lines.length && statement.length < 100_000) statement += '\n' + (lines[++i] ?? '')
    }
    found.push(statement)
  }
  return found
}

function closed(text: string, start: number, quote: string): boolean {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === quote) return true
  }
  return false
}
