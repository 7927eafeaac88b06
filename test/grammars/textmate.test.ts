import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import oniguruma from 'vscode-oniguruma'
import textmate from 'vscode-textmate'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('TextMate injection grammar')
const require = createRequire(import.meta.url)
const PATH = new URL('../../grammars/dbt-jinja.tmLanguage.json', import.meta.url)

// Stands for the editors' own SQL grammar: strings and line comments are what Jinja must shine through.
const SQL = JSON.stringify({
  scopeName: 'source.sql',
  patterns: [
    { name: 'comment.line.sql', begin: '--', end: '$' },
    { name: 'string.quoted.single.sql', begin: "'", end: "'" },
    { name: 'keyword.sql', match: '\\b(?:select|from|where)\\b' },
  ],
})

async function scopesOf(text: string): Promise<[string, string][]> {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'))
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength))
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns), createOnigString: (s) => new oniguruma.OnigString(s) }),
    loadGrammar: async (scope) => textmate.parseRawGrammar(scope === 'source.sql' ? SQL : readFileSync(PATH, 'utf8'), `${scope}.json`),
    getInjections: (scope) => (scope === 'source.sql' ? ['dbt.injection.jinja'] : undefined),
  })
  const grammar = await registry.loadGrammar('source.sql')
  if (grammar === null) throw new Error('no grammar')
  let state = textmate.INITIAL
  return text.split('\n').flatMap((line) => {
    const result = grammar.tokenizeLine(line, state)
    state = result.ruleStack
    return result.tokens.map((token): [string, string] => [line.slice(token.startIndex, token.endIndex), token.scopes.at(-1) ?? ''])
  })
}

async function scopeOf(text: string, part: string): Promise<string | undefined> {
  return (await scopesOf(text)).find(([written]) => written === part)?.[1]
}

test('calls, strings, keywords', async () => {
  const text = "select {{ ref('a', v=1) }} from {% if x is none %}b{% endif %} {{ my_macro(y) | upper }}"
  assert.is(await scopeOf(text, 'select'), 'keyword.sql')
  assert.is(await scopeOf(text, '{{'), 'punctuation.definition.expression.begin.jinja')
  assert.is(await scopeOf(text, 'ref'), 'support.function.dbt.jinja')
  assert.is(await scopeOf(text, 'a'), 'string.quoted.single.jinja')
  assert.is(await scopeOf(text, 'v'), 'variable.parameter.jinja')
  assert.is(await scopeOf(text, '1'), 'constant.numeric.jinja')
  assert.is(await scopeOf(text, 'if'), 'keyword.control.jinja')
  assert.is(await scopeOf(text, 'none'), 'constant.language.jinja')
  assert.is(await scopeOf(text, 'my_macro'), 'entity.name.function.call.jinja')
  assert.is(await scopeOf(text, 'upper'), 'variable.other.jinja.filter')
  assert.is(await scopeOf(text, 'from'), 'keyword.sql')
})

test('inside SQL strings and comments', async () => {
  assert.is(await scopeOf("where d > '{{ var('start') }}' ", 'var'), 'support.function.dbt.jinja')
  assert.is(await scopeOf("-- {{ ref('a') }}", 'ref'), 'support.function.dbt.jinja')
})

test('braces of dictionaries do not end the expression', async () => {
  const text = "{{ config(meta={'a': {'b': 1}}) }} select"
  assert.is(await scopeOf(text, '}}'), 'punctuation.definition.expression.end.jinja')
  assert.is(await scopeOf(text, 'select'), 'keyword.sql')
  assert.is((await scopesOf(text)).filter(([, scope]) => scope === 'punctuation.definition.expression.end.jinja').length, 1)
})

test('comments, raw blocks and definitions', async () => {
  assert.is(await scopeOf("{# {{ ref('a') }} #} select", 'ref'), undefined)
  assert.is(await scopeOf("{% raw %}{{ ref('a') }}{% endraw %} select", 'ref'), undefined)
  assert.is(await scopeOf('{%- macro m(a=1) -%}', 'm'), 'entity.name.function.jinja')
  assert.is(await scopeOf('{%- macro m(a=1) -%}', '-%}'), 'punctuation.definition.statement.end.jinja')
  assert.is(await scopeOf("{% set x = f(\n  '%}'\n) %} select", 'select'), 'keyword.sql')
})

test.run()
