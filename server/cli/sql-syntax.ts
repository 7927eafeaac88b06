// Parses the compiled text of every model before `check` lists what is wrong, where the parser is installed and the settings do not forbid it.

import { noteSqlError, sqlQuestions } from '../ide/checks/sql-syntax.ts'
import { DEFAULTS, layerSettings } from '../ide/settings.ts'
import type { Opened } from './open.ts'

export async function parseCompiled({ root, snapshot, host }: Opened): Promise<void> {
  if (!layerSettings(DEFAULTS, host.projectSettings(root).data).settings.sqlSyntax) return
  for (const path of snapshot.resources.keys()) {
    if (!host.canCheckSql()) return
    for (const question of sqlQuestions(snapshot, path)) noteSqlError(question, await host.checkSql(question.document.text, question.dialect))
  }
}
