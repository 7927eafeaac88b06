// Paths as people type and read them: relative to where they stand.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { CommandFailure } from './io.ts'
import type { Opened } from './open.ts'

export function shownPath(cwd: string, file: string): string {
  const relative = path.relative(cwd, file).replaceAll('\\', '/')
  return relative === '' || relative.startsWith('../..') ? file : relative
}

/** Whether a file is one of the given paths or lies below one; all are when none is given. */
export function isAmong(cwd: string, given: readonly string[], file: string): boolean {
  return given.length === 0 || given.some((each) => {
    const full = path.resolve(cwd, each).replaceAll('\\', '/')
    return file === full || file.startsWith(`${full}/`)
  })
}

/** A path that is nowhere is a slip of the finger: without this a check of it would be fine. */
export function refuseMissing({ snapshot, host }: Opened, cwd: string, given: readonly string[]): void {
  for (const each of given) {
    const full = path.resolve(cwd, each).replaceAll('\\', '/')
    if (host.readText(full) !== null || existsSync(full) || [...snapshot.files.keys()].some((file) => isAmong(cwd, [each], file))) continue
    throw new CommandFailure(`no such file or directory: ${each}`)
  }
}
