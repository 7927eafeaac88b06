// Mends of refs that dbt forbids: applied, the ref is allowed.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeActions } from '../../server/ide/code-actions.ts'
import { diagnostics } from '../../server/ide/diagnostics.ts'
import type { CodeAction } from '../../server/ide/types.ts'
import { snapshotOf } from '../support/snapshot.ts'

const fixes = suite('refs that are forbidden, mended')

const READER = '/p/models/reader.sql'
const project = (files: string) => `
  //- models/reader.sql
  select * from {{ ref('secret') }}
  ${files.trim()}
`
const IN_YAML = project(`
  //- models/secret.sql
  select 1
  //- models/m.yml
  groups: [{name: g, owner: {name: me}}]
  models:
    - name: secret
      access: private
      group: g
`)
const IN_CONFIG = project(`
  //- models/secret.sql
  {{ config(access='private', group="g") }} select 1
  //- models/m.yml
  groups: [{name: g, owner: {name: me}}]
`)
const ELSEWHERE = project(`
  //- models/secret.sql
  select 1
  //- dbt_project.yml
  name: p
  profile: p
  models: {p: {secret: {+access: private, +group: g}}}
  //- models/m.yml
  groups: [{name: g, owner: {name: me}}]
`)

async function actionsOf(template: string): Promise<{ readonly actions: readonly CodeAction[]; apply(action: CodeAction | undefined): Promise<readonly string[]> }> {
  const { snapshot } = await snapshotOf(template)
  const found = diagnostics(snapshot, READER)
  assert.equal(found.map((each) => each.code), ['ref-forbidden'])
  const actions = codeActions(snapshot, READER, found[0]?.place ?? { start: 0, end: 0 }, found).filter((each) => each.fixes.includes('ref-forbidden'))
  return {
    actions,
    async apply(action) {
      assert.is(action?.edits.length, 1)
      const [edit] = action?.edits ?? []
      if (!edit) return []
      const text = snapshot.files.get(edit.path)?.text ?? ''
      const name = edit.path.slice('/p/'.length)
      const rest = template.split(/(?= {2}\/\/- )/).filter((each) => !each.includes(`//- ${name}\n`)).join('')
      const changed = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end)
      const after = await snapshotOf(`${rest}\n  //- ${name}\n${changed.replace(/^(?=.)/gm, '  ')}`)
      return diagnostics(after.snapshot, READER).map((each) => each.code)
    },
  }
}

fixes('the model is opened where its access stands, or the reader joins the group', async () => {
  for (const template of [IN_YAML, IN_CONFIG]) {
    const { actions, apply } = await actionsOf(template)
    assert.equal(actions.map((each) => each.title), ["Put 'reader' into the group 'g'", "Make 'secret' protected"])
    for (const action of actions) assert.equal(await apply(action), [], action.title)
  }
})

fixes('what is configured for a whole directory is not opened for one reader', async () => {
  const { actions, apply } = await actionsOf(ELSEWHERE)
  assert.equal(actions.map((each) => each.title), ["Put 'reader' into the group 'g'"])
  assert.equal(await apply(actions[0]), [])
})

fixes.run()
