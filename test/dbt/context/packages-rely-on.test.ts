// Ways in which published packages look at dbt's objects. The texts are those of dbt 1.12.6.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { textOfParse } from '../../../server/dbt/context/evaluate-node.ts'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { shedDraft, shedWorld } from './shed.ts'

const idioms = suite('what packages rely on')
const world = shedWorld(null)

function text(source: string): string | null {
  return textOfParse(world, shedDraft('model.shed.plain', source), () => parseTemplate(source))
}

idioms('a relation is a mapping whose metadata ends with Relation (dbt_utils._is_relation)', () => {
  assert.is(text("{% set r = ref('plain') %}{{ r is mapping and r.get('metadata', {}).get('type', '').endswith('Relation') }}"), 'True')
  assert.is(text("{{ this is mapping }}{{ this.include_policy is mapping }}{{ 'x' is mapping }}{{ builtins is mapping }}"), 'TrueTrueFalseTrue')
})

idioms('the RuntimeConfig behind builtins.ref', () => {
  assert.is(text("{{ builtins.ref.config.project_name }} {{ builtins.ref.config.dependencies['shed'].project_name }}"), 'shed shed')
  assert.is(text('{{ builtins.ref.config.args }}'), null)
})

idioms.run()
