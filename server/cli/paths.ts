// Paths as people type and read them: relative to where they stand.

import path from 'node:path'

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
