import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { inspect, inspectText } from '../../server/cli/inspect.ts'

const test = suite('inspect')

test('prints tokens, tree and calls', () => {
  assert.is(inspectText("a {{ ref('b', v=-1, m={'k': [x]}) }}"), `== tokens
0..2 data "a "
2..4 variable_begin "{{"
5..8 name "ref"
8..9 lparen "("
9..12 string "'b'"
12..13 comma ","
14..15 name "v"
15..16 assign "="
16..17 sub "-"
17..18 integer "1"
18..19 comma ","
20..21 name "m"
21..22 assign "="
22..23 lbrace "{"
23..26 string "'k'"
26..27 colon ":"
28..29 lbracket "["
29..30 name "x"
30..31 rbracket "]"
31..32 rbrace "}"
32..33 rparen ")"
34..36 variable_end "}}"
== tree
Text 0..2 text="a "
Print 2..36
  nodes: Call 5..33 argsSpan=8..33
    node: Name 5..8 name="ref"
    args: Const 9..12 value="b"
    kwargs: 14..18 name="v" nameSpan=14..15
      value: UnaryOp 16..18 op="-"
        node: Const 17..18 value=1n
    kwargs: 20..32 name="m" nameSpan=20..21
      value: Dict 22..32
        items:
          key: Const 23..26 value="k"
          value: List 28..31
            items: Name 29..30 name="x"
== calls
5..33 ref("b", v=-1, m={"k": […]})
`)
})

test('half-typed text', () => {
  assert.ok(inspectText("{{ ref('sto").endsWith('== calls\n3..11 ref("sto"\n'))
})

test('wrong usage and unreadable files', () => {
  const said: string[] = []
  const io = { readFile: (): string => { throw new Error('no such file') }, out: (text: string) => said.push(text), err: (text: string) => said.push(text) }
  assert.is(inspect([], io), 2)
  assert.is(inspect(['a', 'b'], io), 2)
  assert.is(inspect(['a'], io), 2)
  assert.equal(said, ['usage: dbt-defer-ls inspect FILE\n', 'usage: dbt-defer-ls inspect FILE\n', 'cannot read a: no such file\n'])
  assert.is(inspect(['a'], { ...io, readFile: () => 'x' }), 0)
})

test.run()
