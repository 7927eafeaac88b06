"""Everything about one project in few runs of dbt: jobs {id, project, state_target, keep_state, seed, levels} on stdin, answers
{id, exit, error, manifest, levels: [{exists, args, modes}]} on stdout.

The manifest is that of `dbt parse`, reduced; the state that of the target `state_target`, kept in `keep_state`. For each level (some, all)
a part of dev's relations exists, and the project is compiled with a random selection, without a connection, as dbt_compile.py says.
dbt parses once for all of them.
"""
import json
import random
import shutil
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import dbt_compile  # noqa: E402
from real_dbt import copied, flags_of, invoke, reduced, serve  # noqa: E402

MODES = {'none': ['--no-defer'], 'defer': ['--defer'], 'favor': ['--defer', '--favor-state']}


def run(job: dict[str, Any], place: Path) -> dict[str, Any]:
    dbt_compile.watch_texts()
    root, state = copied(job, place), place / 'state'
    parsed = invoke(['parse', *flags_of(job, root), '--target-path', str(place / 'out')], root, job.get('env'))
    if parsed.exit:
        return {'exit': parsed.exit, 'error': parsed.error}
    written = json.loads((place / 'out' / 'manifest.json').read_text())
    answer: dict[str, Any] = {'exit': 0, 'error': None, 'manifest': reduced(written), 'levels': []}
    made = invoke(['parse', *flags_of({**job, 'target': job['state_target']}, root), '--target-path', str(state)], root, job.get('env'))
    if made.exit:
        return {**answer, 'state_error': made.error}
    shutil.rmtree(job['keep_state'], ignore_errors=True)
    shutil.copytree(state, job['keep_state'], ignore=shutil.ignore_patterns('*.msgpack', 'perf_info.json'))
    dbt_compile.by_hash = False
    dbt_compile.disconnect(written['metadata']['adapter_type'])
    rng = random.Random(job.get('seed', 1))
    for level in job.get('levels', ['some', 'all']):
        dbt_compile.present[:] = relations(written, level, rng)
        args = selection(written, rng)
        modes = {}
        for mode, options in MODES.items():
            if mode == 'none' and level != 'some':
                continue
            state_options = [] if mode == 'none' else ['--state', str(state)]
            dbt_compile.texts.clear()
            compiled = invoke(['compile', *flags_of(job, root), '--target-path', str(place / 'out'), *options, *state_options, *args], root, job.get('env'), fresh(parsed.result))
            modes[mode] = {'error': compiled.error} if compiled.result is None else dbt_compile.sort_out(compiled.result.results)
        answer['levels'].append({'exists': list(dbt_compile.present), 'args': args, 'modes': modes})
    return answer


def fresh(manifest: Any) -> Any:
    """The same manifest, as if nothing had been compiled yet."""
    for node in manifest.nodes.values():
        for key, value in {'compiled': False, 'compiled_code': None, 'compiled_path': None, 'extra_ctes': [], 'extra_ctes_injected': False, '_pre_injected_sql': None, 'defer_relation': None}.items():
            if hasattr(node, key) and node.resource_type != 'seed':
                setattr(node, key, value)
    return manifest


def relations(manifest: dict[str, Any], level: str, rng: random.Random) -> list[dict[str, str]]:
    found = []
    for node in manifest['nodes'].values():
        if node['resource_type'] in ('model', 'seed', 'snapshot') and (level == 'all' or level == 'some' and rng.random() < 0.5):
            kind = 'view' if node['config']['materialized'] == 'view' else 'table'
            found.append({'database': node['database'], 'schema': node['schema'], 'identifier': node['alias'], 'type': kind})
    return found


def selection(manifest: dict[str, Any], rng: random.Random) -> list[str]:
    nodes = [node for node in manifest['nodes'].values() if node['resource_type'] in ('model', 'seed', 'snapshot')]
    if not nodes or rng.random() < 0.5:
        return []
    node = rng.choice(nodes)
    return ['--select', rng.choice([node['name'], f"{node['name']}+", f"+{node['name']}", f"path:{node['original_file_path']}", f"package:{node['package_name']}", 'resource_type:model'])]


if __name__ == '__main__':
    serve(run)
