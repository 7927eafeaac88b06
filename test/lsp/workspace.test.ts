// Which projects are open.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DEFAULTS } from '../../server/ide/settings.ts'
import { createDocuments } from '../../server/lsp/documents.ts'
import { createWorkspace, type Workspace } from '../../server/lsp/workspace.ts'
import { parseFixture } from '../support/fixture.ts'
import { memoryHost } from '../support/memory-host.ts'

const workspaces = suite('workspace')

function served(released: string[]): Workspace {
  const host = memoryHost(parseFixture(`
    //- models/a.sql
    select 1
  `))
  return createWorkspace({ host, documents: createDocuments(() => true), log: () => undefined, settingsFor: () => DEFAULTS, onChange: () => undefined, onReleased: (root) => released.push(root) })
}

workspaces('a folder that is closed while its project is read for the first time takes it along', async () => {
  const released: string[] = []
  const workspace = served(released)
  const opening = workspace.open('/p')
  workspace.changeFolders([], ['/p'])
  await opening
  assert.equal(workspace.projects(), [])
  assert.equal(released, ['/p'])
  workspace.dispose()
})

workspaces('a folder beside it does not', async () => {
  const released: string[] = []
  const workspace = served(released)
  await workspace.open('/p')
  workspace.changeFolders([], ['/pp', '/p/models'])
  assert.equal(workspace.projects().map((each) => each.root), ['/p'])
  assert.equal(released, [])
  workspace.changeFolders([], ['/p'])
  assert.equal(released, ['/p'])
  workspace.dispose()
})

workspaces.run()
