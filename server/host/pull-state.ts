// Brings production's manifest by the user's own command. What it writes counts only when it can be read: else the artifacts of before are put back,
// so that a failed or half-done download costs nobody the state that was there.

import { constants, copyFileSync, rmSync } from 'node:fs'
import { copyFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ProgramRun, Pulled, PullRun, StatePull } from '../dbt/ports.ts'
import { withoutSecrets } from '../dbt/project/secrets.ts'
import { isSystemError, statsOf } from './disk.ts'
import { runShell } from './run-shell.ts'
import { makeStateReader } from './state.ts'

/** What dbt reads of a state directory. */
const ARTIFACTS = ['manifest.json', 'run_results.json', 'sources.json', 'catalog.json']
const MOST_MILLISECONDS = 600_000

export interface PullOptions {
  readonly env: ReadonlyMap<string, string>
  /** See StateOptions of state.ts. */
  readonly entry: string | URL | null
  readonly milliseconds?: number
}

export function pullState({ root, command, directories }: StatePull, { env, entry, milliseconds = MOST_MILLISECONDS }: PullOptions, onLine: (line: string) => void): PullRun {
  let run: ProgramRun | null = null
  let cancelled = false

  async function pull(place: string): Promise<Pulled> {
    const aside: Aside[] = []
    try {
      for (const [at, directory] of directories.entries()) for (const name of ARTIFACTS) await setAside(directory, name, path.join(place, `${at}-${name}`), aside)
    } catch (error) {
      if (!isSystemError(error)) throw error
      return { kind: 'failed', why: `nothing was run, since the present state could not be copied: ${error.message}` }
    }
    if (cancelled) return { kind: 'failed', why: 'cancelled' }
    run = runShell({ command, cwd: root, env, milliseconds }, (line) => onLine(withoutSecrets(line, env)))
    const stopGuarding = guard(() => {
      run?.cancel()
      const { why } = failed('interrupted', aside)
      rmSync(place, { recursive: true, force: true })
      onLine(why)
    })
    const { code, problem } = await run.done
    stopGuarding()
    if (code !== 0) return failed(problem ?? `exit code ${String(code)}`, aside)
    for (const directory of directories) {
      const { problem: unusable } = await makeStateReader({ directory, entry }).refresh()
      if (unusable) return failed(`it ended well, but ${unusable.message}`, aside.filter((each) => each.directory === directory))
    }
    return { kind: 'pulled', changed: directories.some((directory) => isChanged(aside.find((each) => each.directory === directory && each.name === 'manifest.json') ?? null)) }
  }

  async function pulled(): Promise<Pulled> {
    // Nobody else may read it.
    const place = await mkdtemp(path.join(tmpdir(), 'dbt-defer-ls-state-'))
    try { return await pull(place) } finally { rmSync(place, { recursive: true, force: true }) }
  }

  return {
    done: pulled().catch((error: unknown) => ({ kind: 'failed', why: error instanceof Error ? error.message : String(error) })),
    cancel() {
      cancelled = true
      run?.cancel()
    },
  }
}

/** `changedAt`: of the artifact before the command ran; whatever writes or replaces it changes that. */
interface Aside { readonly directory: string; readonly name: string; readonly copy: string; readonly changedAt: number }

async function setAside(directory: string, name: string, copy: string, aside: Aside[]): Promise<void> {
  const stats = statsOf(path.join(directory, name))
  if (stats?.isFile() !== true) return
  await copyFile(path.join(directory, name), copy, constants.COPYFILE_FICLONE)
  aside.push({ directory, name, copy, changedAt: stats.ctimeMs })
}

/** `aside` null: there was none. */
function isChanged(aside: Aside | null): boolean {
  return aside === null || statsOf(path.join(aside.directory, aside.name))?.ctimeMs !== aside.changedAt
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** What is to be done first when this program has to end meanwhile, until the answer is called. */
function guard(first: () => void): () => void {
  const ends = Object.entries(SIGNALS).map(([signal, code]) => [signal, () => process.exit(code)] as const)
  process.once('exit', first)
  for (const [signal, end] of ends) process.once(signal, end)
  return () => {
    process.off('exit', first)
    for (const [signal, end] of ends) process.off(signal, end)
  }
}

function failed(why: string, aside: readonly Aside[]): Extract<Pulled, { kind: 'failed' }> {
  const spoilt = aside.filter(isChanged)
  if (spoilt.length === 0) return { kind: 'failed', why }
  try {
    for (const { directory, name, copy } of spoilt) copyFileSync(copy, path.join(directory, name))
  } catch (error) {
    return { kind: 'failed', why: `${why}; the state of before could not be put back: ${error instanceof Error ? error.message : String(error)}` }
  }
  return { kind: 'failed', why: `${why}; the state of before is back in its place` }
}
