// Where this branch stands against its base and the state, as git's plumbing tells. Only commands that run no hook, filter, pager or signature
// program and fetch nothing: opening a project must not run what its .git/config names.

import { execFile } from 'node:child_process'
import type { Surroundings } from '../dbt/ports.ts'
import type { GitFacts } from '../dbt/state/evidence.ts'
import type { StateInfo } from '../dbt/state/types.ts'
import { nodeDisk } from './disk.ts'
import { findProgram } from './find-program.ts'

const LIMIT_MS = 3_000
const HARMLESS = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'protocol.allow=never']
const BASES = ['refs/remotes/origin/HEAD', 'refs/remotes/origin/main', 'refs/remotes/origin/master', 'refs/heads/main', 'refs/heads/master']

/** Null: no git, no repository, no branch to compare with, or git took too long. */
export async function gitFacts(root: string, state: Pick<StateInfo, 'generated_at' | 'commit'>, { env }: Surroundings): Promise<GitFacts | null> {
  const program = findProgram('git', nodeDisk, env)
  if (program === null) return null
  const git = (...args: string[]) => plumbing(program, root, args, env)
  const head = await git('rev-parse', '--verify', '-q', 'HEAD^{commit}')
  if (head === null) return null
  for (const ref of BASES) {
    const tip = await git('rev-parse', '--verify', '-q', `${ref}^{commit}`)
    if (tip === null) continue
    const commit = await git('merge-base', head, tip)
    const date = commit === null ? null : dateOf(await git('cat-file', 'commit', commit))
    if (commit === null || date === null) return null
    const branch = await git('symbolic-ref', '-q', '--short', 'HEAD')
    const count = async (...args: string[]) => { const text = await git('rev-list', '--count', ...args); return text === null ? null : Number(text) }
    // A shallow clone ends somewhere: what is counted there is true only if the state's commit lies before that end.
    const shallow = await git('rev-parse', '--is-shallow-repository') === 'true'
    const found = { branch, base: (ref.endsWith('/HEAD') ? await git('symbolic-ref', '-q', '--short', ref) : null) ?? ref.replace(/^refs\/(remotes|heads)\//, ''), mergeBase: { commit, date } }
    if (state.commit !== null && await git('cat-file', '-e', `${state.commit}^{commit}`) !== null) {
      const counted = !shallow || await git('merge-base', '--is-ancestor', state.commit, commit) !== null || await git('merge-base', '--is-ancestor', commit, state.commit) !== null
      if (!counted) return { ...found, behind: null, ahead: null, by: 'commit' }
      return { ...found, behind: await count(commit, `^${state.commit}`), ahead: await count(state.commit, `^${commit}`), by: 'commit' }
    }
    if (state.generated_at === null || shallow) return { ...found, behind: null, ahead: null, by: 'date' }
    return { ...found, behind: await count(commit, `--since=${state.generated_at}`), ahead: await count(tip, `^${commit}`, `--until=${state.generated_at}`), by: 'date' }
  }
  return null
}

/** Committer date of a commit object, ISO. */
function dateOf(commit: string | null): string | null {
  const seconds = /^committer .* (\d+) [+-]\d{4}$/m.exec(commit ?? '')?.[1]
  return seconds === undefined ? null : new Date(Number(seconds) * 1000).toISOString()
}

function plumbing(program: string, cwd: string, args: readonly string[], env: ReadonlyMap<string, string>): Promise<string | null> {
  const clean = { PATH: env.get('PATH') ?? '', HOME: env.get('HOME') ?? '', LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', GIT_NO_REPLACE_OBJECTS: '1' }
  return new Promise((resolve) => {
    execFile(program, [...HARMLESS, ...args], { cwd, env: clean, timeout: LIMIT_MS, maxBuffer: 1 << 20, windowsHide: true }, (error, stdout) => resolve(error ? null : stdout.trim()))
  })
}
