// file-unreadable: a resource file that is no text, cannot be opened, or is too long to be read whole. dbt stops at the first two, with
// its whole project; here it costs the file's own nodes their answer.

import type { Problem } from '../../dbt/problem.ts'
import type { Snapshot } from '../../dbt/snapshot.ts'

export function unreadableProblems(snapshot: Snapshot, path: string): readonly Problem[] {
  if (!snapshot.resources.has(path)) return []
  const file = snapshot.files.get(path)
  const place = { path, start: 0, end: 0 }
  if (!file) return [{ code: 'file-unreadable', severity: 'error', message: 'this file cannot be read: it is gone, or you may not open it', place }]
  if (file.undecodable) return [{ code: 'file-unreadable', severity: 'error', message: `${file.undecodable}. dbt reads UTF-8 only: save the file in that encoding, or take it out of the project.`, place }]
  if (file.cutAt) return [{ code: 'file-unreadable', severity: 'warning', message: `only the first ${Math.round(file.cutAt / 1024 / 1024)} MB of this file are read: what stands behind them is unknown here`, place }]
  return []
}
