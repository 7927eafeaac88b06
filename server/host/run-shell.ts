// Runs a command line of the user's own through the shell, and only when a person asked for it. It gets no terminal and no input, and it ends when its time is over
// or when we do, with everything that it started. Whether the workspace is trusted is the caller's question.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { ProgramRun } from '../dbt/ports.ts'

/**
 * The group's watchman reads a pipe of ours: it ends when we are done with it or are no more, even by SIGKILL, and then nothing of the group is left.
 * The command line itself goes as an argument, so that nothing in it can reach past its own shell.
 */
const WATCHED = '(read _ <&3; kill -9 0) >/dev/null 2>&1 & exec sh -c "$1" </dev/null 3<&-'

export interface ShellOptions {
  readonly command: string
  /** Absolute. */
  readonly cwd: string
  readonly env: ReadonlyMap<string, string>
  /** Afterwards it is ended, with everything that it started. */
  readonly milliseconds: number
}

export function runShell({ command, cwd, env, milliseconds }: ShellOptions, onLine: (line: string) => void): ProgramRun {
  const windows = process.platform === 'win32'
  const options = { cwd, env: { ...Object.fromEntries(env), NO_COLOR: '1', ...(windows ? { NoDefaultCurrentDirectoryInExePath: '1' } : {}) } }
  const child = windows
    ? spawn(command, { ...options, shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn('/bin/sh', ['-c', WATCHED, 'sh', command], { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const leash = child.stdio[3]
  leash?.on('error', () => undefined)
  let why: string | null = null
  const end = (reason: string): void => {
    why ??= reason
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () => child.kill('SIGKILL'))
    else if (child.pid !== undefined) endGroup(child.pid)
  }
  const timer = setTimeout(() => end(`it took longer than ${Math.round(milliseconds / 1000)} s and was ended`), milliseconds)
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', onLine)
  return {
    done: new Promise((resolve) => {
      child.on('error', (error) => { clearTimeout(timer); resolve({ code: null, problem: error.message }) })
      // What it left behind would keep its output open, and us waiting.
      child.on('exit', () => leash?.destroy())
      child.on('close', (code, signal) => {
        clearTimeout(timer)
        resolve({ code: why === null ? code : null, problem: why ?? (signal === null ? null : `ended by ${signal}`) })
      })
    }),
    cancel: () => end('cancelled'),
  }
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
