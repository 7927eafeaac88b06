// A file that two projects read through `../`: both contexts are shown, whichever of them was opened.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CallHierarchyIncomingCall, CallHierarchyItem, CodeAction, CodeLens, CompletionList, Diagnostic, DocumentLink, Hover, InlayHint, Location, LocationLink, WorkspaceEdit } from 'vscode-languageserver'
import { covered, startClient, type Client } from '../support/client.ts'

const SHARED = `
  //- /mono/one/dbt_project.yml
  name: one
  profile: p
  model-paths: [models, ../shared/models]
  macro-paths: [macros, ../shared/macros]
  //- /mono/one/profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: /mono/one/one.duckdb, schema: mine}}}
  //- /mono/one/models/base.sql
  select 1 as id
  //- /mono/one/models/top.sql
  select * from {{ ref('common') }}
  //- /mono/two/dbt_project.yml
  name: two
  profile: p
  model-paths: [models, ../shared/models]
  macro-paths: [macros, ../shared/macros]
  //- /mono/two/profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: /mono/two/two.duckdb, schema: theirs}}}
  //- /mono/two/models/base.sql
  select 2 as id
  //- /mono/two/models/lone.sql
  select {{ cents('1') }} from {{ ref('common') }}
  //- /mono/shared/models/common.sql
  select * from {{ ref('ba$0se') }} join {{ ref('lone') }}
  //- /mono/shared/macros/cents.sql
  {% macro cents(x) %}{{ x }} / 100{% endmacro %}
`
const COMMON = '/mono/shared/models/common.sql'

const text = ({ message }: Diagnostic): string => (typeof message === 'string' ? message : message.value)

const contexts = suite('one file in two projects')

async function opened(root: string | null = '/mono'): Promise<Client> {
  const client = await startClient(SHARED, root === null ? {} : { root })
  await client.open(COMMON)
  await client.diagnostics(COMMON, (all) => all.some((each) => text(each).includes('in project one')))
  return client
}

contexts('neither was open: both are found by the folders of the client', async () => {
  const client = await opened()
  const hover = await client.ask<Hover>('textDocument/hover')
  assert.match((hover.contents as { value: string }).value, /^In project one:[^]*"mine"\."base"[^]*In project two:[^]*"theirs"\."base"/)
  await client.stop()
})

contexts('definition leads to both, hints and completion name the project where they differ', async () => {
  const client = await opened()
  const found = await client.ask<LocationLink[]>('textDocument/definition')
  assert.equal(found.map((each) => each.targetUri).toSorted(), ['file:///mono/one/models/base.sql', 'file:///mono/two/models/base.sql'])
  const hints = await client.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri: client.uri(COMMON) }, range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } })
  assert.equal(hints.map((each) => each.label), ['one: → one.mine.base', 'two: → two.theirs.base', 'two: → two.theirs.lone'])
  const list = await client.ask<CompletionList>('textDocument/completion')
  assert.equal(list.items.filter((each) => each.label === 'base').length, 1)
  await client.edit(COMMON, "select * from {{ ref('') }}")
  const all = await client.request<CompletionList>('textDocument/completion', { textDocument: { uri: client.uri(COMMON) }, position: { line: 0, character: 22 } })
  assert.equal(all.items.filter((each) => JSON.stringify(each).includes('only in two')).map((each) => each.label), ['lone'])
  await client.stop()
})

contexts('what only one project has to say is said with its name, and goes with it', async () => {
  const client = await opened()
  const told = await client.diagnostics(COMMON, (all) => all.length === 2)
  assert.equal(told.map((each) => [each.code, /\(in project (\w+)\)$/.exec(text(each))?.[1]]).toSorted(), [['dependency-cycle', 'two'], ['ref-not-found', 'one']])
  await client.close(COMMON)
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: client.uri('/mono/one'), name: 'one' }] } })
  await client.diagnostics(COMMON, (all) => all.length === 1 && all.every((each) => !text(each).includes('in project one')))
  await client.stop()
})

contexts('references and rename reach into both', async () => {
  const client = await opened()
  const at = { textDocument: { uri: client.uri('/mono/one/models/top.sql') }, position: { line: 0, character: 22 } }
  const edit = await client.request<WorkspaceEdit>('textDocument/rename', { ...at, newName: 'shared_one' })
  const changes = (edit.documentChanges ?? []).flatMap((each) => ('textDocument' in each ? each.edits.map((one) => [each.textDocument.uri, 'range' in one ? covered(client, each.textDocument.uri.slice('file://'.length), one.range) : '']) : []))
  assert.equal(changes.toSorted(), [['file:///mono/one/models/top.sql', "'common'".slice(1, -1)], ['file:///mono/two/models/lone.sql', 'common']])
  assert.equal((edit.documentChanges ?? []).flatMap((each) => ('kind' in each && each.kind === 'rename' ? [each.newUri] : [])), ['file:///mono/shared/models/shared_one.sql'])
  const uses = await client.request<Location[]>('textDocument/references', { textDocument: { uri: client.uri(COMMON) }, position: { line: 0, character: 0 }, context: { includeDeclaration: false } })
  assert.equal(uses.map((each) => each.uri).toSorted(), ['file:///mono/one/models/top.sql', 'file:///mono/two/models/lone.sql'])
  await client.stop()
})

contexts('lenses and actions of each project name it, and their commands find its node', async () => {
  const client = await opened()
  const document = { textDocument: { uri: client.uri(COMMON) } }
  const lenses = await client.request<CodeLens[]>('textDocument/codeLens', document)
  const relations = lenses.filter((each) => each.command?.command === 'dbtDefer.copyRelation').map((each) => [each.command?.title, ...each.command?.arguments ?? []])
  assert.equal(relations, [['one: copy relation', '"one"."mine"."common"'], ['two: copy relation', '"two"."theirs"."common"']])
  const copies = lenses.filter((each) => each.command?.command === 'dbtDefer.copyCompiled')
  const texts = await Promise.all(copies.map(async ({ command }) => (await client.request<{ text: string }>('workspace/executeCommand', { command: command?.command, arguments: command?.arguments })).text))
  assert.match(texts[0] ?? '', /"one"\."mine"\."base"/)
  assert.match(texts[1] ?? '', /"two"\."theirs"\."base"/)
  const actions = await client.request<CodeAction[]>('textDocument/codeAction', { ...document, range: { start: { line: 0, character: 24 }, end: { line: 0, character: 24 } }, context: { diagnostics: [] } })
  assert.equal(actions.map((each) => each.title).filter((title) => /^(?:Copy "|Switch defer)/.test(title)), ['Copy "one"."mine"."base" (in project one)', 'Switch defer on', 'Copy "two"."theirs"."base" (in project two)'])
  await client.stop()
})

contexts('a link is drawn where all mean one file; a macro is one of each project, with callers of its own', async () => {
  const client = await opened()
  const links = await client.request<DocumentLink[]>('textDocument/documentLink', { textDocument: { uri: client.uri(COMMON) } })
  assert.equal(links.map((each) => each.target), ['file:///mono/two/models/lone.sql'])
  const cents = '/mono/shared/macros/cents.sql'
  await client.open(cents)
  const items = await client.request<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', { textDocument: { uri: client.uri(cents) }, position: { line: 0, character: 10 } })
  assert.equal(items.map((each) => each.data), ['macro.one.cents', 'macro.two.cents'])
  const callers = await Promise.all(items.map((item) => client.request<CallHierarchyIncomingCall[]>('callHierarchy/incomingCalls', { item })))
  assert.equal(callers.map((each) => each.map(({ from }) => from.name)), [[], ['lone']])
  await client.stop()
})

contexts.run()
