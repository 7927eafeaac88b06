// pre_hook and post_hook of a node: rendered with its context for the refs in them (parser/base.py update_parsed_node_config).
// dbt does it once for config() and dbt_project.yml and, when YAML has a config, once more for all: refs come twice then.

import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import { unknownField } from '../../context/draft-dict.ts'
import { evaluateExtraForParse } from '../../context/evaluate-node.ts'
import type { ParseEvaluation } from '../../context/types.ts'
import type { Config } from '../../nodes/types.ts'
import type { Build } from './build.ts'
import { draftOf } from './parse.ts'
import type { Work } from './work.ts'

/** `patched` is null when YAML gave no config. */
export function hookEvaluations(build: Build, work: Work, unpatched: Config, patched: Config | null): ParseEvaluation[] {
  return [...evaluateHooks(build, work, unpatched, 'file'), ...patched ? evaluateHooks(build, work, patched, 'yaml') : []]
}

function evaluateHooks(build: Build, work: Work, config: Config, stage: string): ParseEvaluation[] {
  const texts = [...hookTexts(config.get('pre-hook')), ...hookTexts(config.get('post-hook'))]
  const { declaration } = work.parsed
  return texts.map((text, index) => {
    const at = declaration.offset === null ? -1 : declaration.raw_code.indexOf(text)
    const start = at < 0 ? declaration.place.start : at + (declaration.offset ?? 0)
    return build.memory.extra(declaration, `${stage} ${index} ${text}`, text, () => evaluateExtraForParse(build.world, { ...draftOf(build, declaration, config), ...stage === 'yaml' ? { model: PATCHED } : {}, unique_id: work.unique_id, name: work.name, fqn: work.fqn, version: work.patch?.version ?? null }, {
      text, path: declaration.place.path, start, end: at < 0 ? start : start + text.length,
    }))
  })
}

/** What the text, config() and YAML have given to a node whose hooks are rendered again for its YAML. */
const PATCHED: ReadonlyMap<string, Value> = new Map(['refs', 'sources', 'metrics', 'functions', 'depends_on', 'config_call_dict', 'unrendered_config', 'unrendered_config_call_dict', 'relation_name', 'description', 'columns', 'meta', 'tags', 'docs', 'contract', 'access', 'constraints', 'doc_blocks', 'version', 'patch_path'].map((name) => [name, unknownField(name)]))

function hookTexts(hooks: unknown): string[] {
  if (!(hooks instanceof PyList)) return []
  return hooks.items.flatMap(hook => {
    const sql = hook instanceof PyDict ? hook.get('sql') : undefined
    return typeof sql === 'string' ? [sql] : []
  })
}
