// Reads every import and fails on any arrow that server/README.md does not draw; also holds the rules that no compiler checks.

import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const root = path.resolve(import.meta.dirname, '..')
const architecture = suite('architecture')

const MAY_IMPORT: Record<string, readonly string[]> = {
  text: [],
  jinja: ['text'],
  yaml: ['text'],
  sql: ['text'],
  dbt: ['text', 'jinja', 'yaml', 'sql'],
  ide: ['text', 'jinja', 'yaml', 'sql', 'dbt'],
  host: ['text', 'jinja', 'yaml', 'sql', 'dbt'],
  lsp: ['text', 'jinja', 'yaml', 'sql', 'dbt', 'ide'],
  cli: ['text', 'jinja', 'yaml', 'sql', 'dbt', 'ide'],
  launch: ['host'],
  main: ['text', 'jinja', 'yaml', 'sql', 'dbt', 'ide', 'host', 'lsp', 'cli'],
}
const DBT_ORDER = ['steps', 'files', 'problem', 'rules', 'adapters', 'schema', 'ports', 'project', 'nodes', 'context', 'names', 'graph', 'state', 'defer', 'inputs', 'cache', 'selectors', 'selection', 'compile', 'snapshot', 'assemble', 'warm']
const NODE_ALLOWED = new Set(['host', 'cli', 'lsp', 'main', 'launch'])
const HASHING = /^node:crypto$/

interface Import { readonly from: string; readonly to: string; readonly types: boolean }

architecture('imports go one way', () => {
  const wrong: string[] = []
  for (const { from, to } of imports()) {
    if (!to.startsWith('.')) continue
    const source = layerOf(from)
    const target = layerOf(path.relative(path.join(root, 'server'), path.resolve(path.join(root, 'server'), path.dirname(from), to)))
    if (source.layer === target.layer) continue
    if (!(MAY_IMPORT[source.layer] ?? []).includes(target.layer)) wrong.push(`${from} imports ${to}`)
  }
  assert.equal(wrong, [])
})

architecture('inside dbt/ data flows from top to bottom', () => {
  const wrong: string[] = []
  for (const { from, to, types } of imports()) {
    if (!to.startsWith('.') || types) continue
    const source = layerOf(from)
    const target = layerOf(path.relative(path.join(root, 'server'), path.resolve(path.join(root, 'server'), path.dirname(from), to)))
    if (source.layer !== 'dbt' || target.layer !== 'dbt' || source.room === target.room) continue
    if (DBT_ORDER.indexOf(target.room) > DBT_ORDER.indexOf(source.room) || !DBT_ORDER.includes(target.room)) wrong.push(`${from} imports ${to}`)
  }
  assert.equal(wrong, [])
})

architecture('only the edges touch the machine, only lsp speaks the protocol', () => {
  const wrong: string[] = []
  for (const { from, to } of imports()) {
    const { layer } = layerOf(from)
    if (to.startsWith('node:') && !NODE_ALLOWED.has(layer) && !(layer === 'dbt' && HASHING.test(to))) wrong.push(`${from} imports ${to}`)
    if (to.startsWith('vscode-languageserver') && layer !== 'lsp' && layer !== 'main') wrong.push(`${from} imports ${to}`)
    if (/^nunjucks(?!\/src\/(lexer|parser|nodes|lib)(\.js)?$)/.test(to)) wrong.push(`${from} imports ${to}: only nunjucks' lexer and parser may see workspace text`)
  }
  assert.equal(wrong, [])
})

architecture('workspace text never becomes JavaScript', () => {
  const wrong = sources().filter((file) => /\bnew Function\b|\beval\(|node:vm/.test(readFileSync(path.join(root, 'server', file), 'utf8')))
  // The bundle itself is run so, by the file that starts it and by nobody else.
  assert.equal(wrong, ['host/code-cache.ts'])
  assert.equal(imports().filter(({ to }) => to.includes('code-cache')).map(({ from }) => from), ['launch.ts'])
})

architecture('below host/ nobody reads a clock, the environment or the process', () => {
  const pure = new Set(['text', 'jinja', 'yaml', 'sql', 'dbt', 'ide'])
  const wrong = sources().filter((file) => pure.has(layerOf(file).layer) && /\bDate\.now\(|\bnew Date\(\)|\bprocess\.|\bperformance\.now\(|Math\.random\(/.test(withoutComments(readFileSync(path.join(root, 'server', file), 'utf8'))))
  assert.equal(wrong, [])
})

architecture('every test file runs its suite', () => {
  const wrong = files(path.join(root, 'test')).filter((file) => file.endsWith('.test.ts') && !/\.run\(\)/.test(readFileSync(path.join(root, 'test', file), 'utf8')))
  assert.equal(wrong, [])
})

architecture('no default exports, no barrels', () => {
  const wrong = sources().filter((file) => /^export default|^export \* from|^export \{[^}]*\} from/m.test(readFileSync(path.join(root, 'server', file), 'utf8')))
  assert.equal(wrong, [])
})

architecture.run()

function sources(): string[] {
  return files(path.join(root, 'server')).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
}

function files(directory: string, under = ''): string[] {
  return readdirSync(path.join(directory, under), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(under, entry.name)
    return entry.isDirectory() ? files(directory, name) : [name]
  })
}

function imports(): Import[] {
  return sources().flatMap((from) => {
    const text = readFileSync(path.join(root, 'server', from), 'utf8')
    return [...text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'"]*?\bfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm)].map((match) => ({ from, to: match[2] ?? match[3] ?? '', types: match[1] !== undefined }))
  })
}

function layerOf(file: string): { layer: string; room: string } {
  const parts = file.replaceAll('\\', '/').split('/')
  const layer = (parts[0] ?? '').replace(/\.ts$/, '')
  return { layer, room: (parts[1] ?? '').replace(/\.ts$/, '') }
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '')
}
