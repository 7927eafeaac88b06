// Fixture projects with one change: the TypeScript twin of real_dbt.copied, so that both sides see the same files.
// It must not know what the files mean.

import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Edit {
  readonly path: string
  readonly text?: string
  readonly find?: string
  readonly replace?: string
  readonly append?: string
  readonly move?: string
  readonly remove?: boolean
}

/** One entry of cases.json. `dbt`: the versions whose answer is recorded; none: 1.12. */
export interface Case {
  readonly name: string
  readonly project: string
  readonly base?: string
  readonly target?: string
  readonly vars?: Record<string, unknown>
  readonly env?: Record<string, string>
  readonly edits?: readonly Edit[]
  readonly dbt?: readonly string[]
  readonly adapters?: boolean
  /** dbt parses the project, and lists nothing of it: its models read each other in a circle. */
  readonly cycle?: boolean
}

export const here = import.meta.dirname
export const fixtures = path.resolve(here, '../fixtures')
const SKIPPED = /^(target|logs|\.git|\.user\.yml|__pycache__|.*\.duckdb|.*\.wal)$/

export function readCases(file = path.join(here, 'cases.json')): Case[] {
  return JSON.parse(readFileSync(file, 'utf8')) as Case[]
}

export function projectOf(each: Case): string {
  return path.isAbsolute(each.project) ? each.project : path.join(fixtures, 'projects', each.project)
}

/** A copy of the case's project with its edits made, in a new temporary directory; `done` removes it. */
export function copyProject(each: Case): { readonly root: string; done(): void } {
  const place = mkdtempSync(path.join(tmpdir(), 'ours-'))
  const source = projectOf(each)
  const root = path.join(place, path.basename(source))
  cpSync(source, root, { recursive: true, filter: (from) => !SKIPPED.test(path.basename(from)) || from === source })
  for (const edit of each.edits ?? []) applyEdit(root, edit)
  return { root, done: () => rmSync(place, { recursive: true, force: true }) }
}

/** One edit, made on disk. */
export function applyEdit(root: string, edit: Edit): void {
  const file = path.join(root, edit.path)
  if (edit.remove) return rmSync(file, { recursive: true })
  if (edit.move !== undefined) {
    mkdirSync(path.dirname(path.join(root, edit.move)), { recursive: true })
    return renameSync(file, path.join(root, edit.move))
  }
  mkdirSync(path.dirname(file), { recursive: true })
  if (edit.append !== undefined) return appendFileSync(file, edit.append)
  if (edit.find === undefined) return writeFileSync(file, edit.text ?? '')
  const old = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (!old.includes(edit.find)) throw new Error(`${edit.path}: nothing to replace: ${edit.find}`)
  writeFileSync(file, old.replace(edit.find, () => edit.replace ?? ''))
}
