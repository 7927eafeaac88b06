// Docs blocks as dbt 2.0.0-alpha.4 has them: the text before the first Jinja, nothing of a broken file; a missing one is no error.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import { parseFixture } from '../../support/fixture.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('docs blocks of dbt 2')

const described = (markdown: string, description: string) => {
  const { manifest } = buildManifest(inputOf(parseFixture(`
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  //- models/docs.md
  ${markdown}
  //- models/m.sql
  select 1
  //- models/m.yml
  models: [{name: m, description: "${description}"}]
  `).files, null, '2'))
  const node = manifest.nodes.get('model.p.m')
  return [node?.description, ...[...manifest.problems, ...node?.problems ?? []].map(({ severity, message }) => `${severity}: ${message}`)]
}

for (const [markdown, expected] of [
  ['{% docs d %}x {# c #} y{% enddocs %}', ['x']],
  ['{% docs d %} {{ 1 }}z{% enddocs %}', ['']],
  ['{% docs d %}a{% raw %}{{ r }}{% endraw %}b{% enddocs %}', ['a']],
  ['{% docs d %}{% raw %}{{ r }}{% endraw %}{% enddocs %}', ['{{ r }}']],
] as const) x(`the text of ${markdown}`, () => { assert.equal(described(markdown, "{{ doc('d') }}"), expected) })

for (const markdown of ['{% docs d %}{{ 1 }}{% enddocs %}', '{% docs d %}{% enddocs %}', '{% docs d %}{# c #}z{% enddocs %}']) {
  x(`${markdown} is no block`, () => {
    assert.equal(described(markdown, "a {{ doc('d') }}"), ["a <missing doc('d', package='p')>", "warning: doc macro reference 'd' not found for package 'p'"])
  })
}

x('a broken block takes the file with it', () => {
  const [text, broken, missing] = described('{% docs d %}fine{% enddocs %}{% docs e %}{{ 1 + }}{% enddocs %}', "{{ doc('d') }}")
  assert.is(text, "<missing doc('d', package='p')>")
  assert.match(String(broken), /^warning: unexpected/)
  assert.match(String(missing), /^warning: doc macro/)
})

x.run()
