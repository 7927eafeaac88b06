// The nodes of --select, --exclude and --selector; null when nothing narrows them.

import { selectionOf } from '../dbt/assemble.ts'
import { CommandFailure } from './io.ts'
import type { Opened } from './open.ts'

export function selected(opened: Opened): ReadonlySet<string> | null {
  const { request } = opened.inputs
  if (request.select.length === 0 && request.exclude.length === 0 && request.selector === null) return null
  const selection = selectionOf(opened.snapshot, opened.inputs)
  if (selection.error !== null) throw new CommandFailure(selection.error)
  return new Set(selection.ids)
}
