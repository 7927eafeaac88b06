import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { extractBlocks } from '../../server/jinja/blocks.ts'

const test = suite('dbt block scanner')
const KINDS = new Set(['macro', 'test', 'data_test', 'materialization', 'snapshot', 'docs'])

function problem(text: string): string | undefined {
  return extractBlocks(text, KINDS).problem?.message
}

test('blocks with their text, contents and names; junk between them is ignored', () => {
  const text = "junk {% #### %} {{ '}}' }} {# {% macro no() %} #}\n {%- macro a(x='%}') -%}\n b {%- endmacro -%}\n{% docs d %}e{% enddocs %}{% raw %}{% macro r() %}{% endraw %}"
  const { blocks } = extractBlocks(text, KINDS)
  assert.equal(blocks.map((b) => [b.kind, b.name, text.slice(b.contents.start, b.contents.end), text.slice(b.start, b.end)]), [
    ['macro', 'a', 'b', "\n {%- macro a(x='%}') -%}\n b {%- endmacro -%}\n"],
    ['docs', 'd', 'e', '{% docs d %}e{% enddocs %}'],
  ])
})

// Messages as dbt-common 1.39 gives them.
test("dbt's errors", () => {
  assert.is(problem('a\n{% if x %}{% macro b() %}{% endmacro %}{% endif %}'), 'Got a block definition inside control flow at 2:10. All dbt block definitions must be at the top level')
  assert.is(problem('{% macro a() %}\n{% macro b() %}{% endmacro %}'), 'Got nested tags: macro (started at 0) did not have a matching {{% endmacro %}} before a subsequent macro was found (started at 16)')
  assert.is(problem('a\n{% macro a() %}'), 'Reached EOF without finding a close tag for macro (searched from line 2)')
  assert.is(problem('{% endif %}'), 'Got an unexpected control flow end tag, got endif but never saw a preceeding if (@ 1:0)')
  assert.is(problem('{% for x in y %}{% endif %}'), 'Got an unexpected control flow end tag, got endif but expected endfor next (@ 1:16)')
  assert.is(problem('a {# b'), 'unexpected EOF, expected #}, got " b"')
  assert.is(problem("{{ 'a }}"), 'unexpected EOF, expected string, got "\'a }}"')
})

test('tags outside of blocks are told, as dbt warns of them', () => {
  assert.equal(extractBlocks('{% set x = 1 %}{% macro a() %}{% do b() %}{% endmacro %}', KINDS).unexpected.map((tag) => tag.kind), ['set'])
})

test('broken text takes linear time', () => {
  for (const unit of ["{{ ' ", '{% macro ', "{{ 'a' ", '{# ', "{% x 'a' ", "\\' ", '{%- ', '                {%']) {
    const started = process.hrtime.bigint()
    extractBlocks(unit.repeat(20_000), KINDS)
    extractBlocks(`{{ ${unit.repeat(20_000)}`, KINDS)
    assert.ok(Number(process.hrtime.bigint() - started) / 1e6 < 3_000, unit)
  }
})

test.run()
