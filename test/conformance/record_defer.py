"""Writes test/fixtures/defer/PROJECT.json and PROJECT.state/manifest.json: what real dbt compiles under defer.

python record_defer.py VENVS [PROJECT…] runs itself with each version's Python. For every combination of MODES, EXISTS and
SELECTIONS, in that order, dbt compiles the project's target dev against the state of its target prod. The result holds, for
each node, its different texts and, for each group of dbt versions that agree, the index of the text in every combination
(null: not compiled). `exists` says which relations were in the database. Nothing of it comes from us.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from real_dbt import DBT_2, copied, flags_of, invoke, reduced

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / 'fixtures'
PROJECTS = {
    'strait': ['1.7', '1.8', '1.11', '1.12', '2'],
    'crate': ['1.7', '1.8', '1.11', '1.12', '2'],
    'pier': ['1.11', '1.12', '2'],
}
# Which dev relations the middle level of existence has: unique ids, and names of leftovers.
SOME = {
    'strait': ['model.strait.ships', 'seed.strait.ports', 'model.strait.voyages.v1', 'model.pilots.calendar',
               'model.strait.there_ephemeral', 'dev.dev_ana.stg_cargo', 'dev.dev_ana.alias_there',
               'dev.dev_ana.here_ephemeral', 'dev.dev_ana_odd.other_alias', 'model.strait.dynamic'],
    'crate': ['model.crate.lid', 'dev.dev_crate.box', 'dev.big.box', 'seed.crate.tally'],
    'pier': ['model.pier.ships', 'dev.dev_pier.half_off'],
}
MODES = {'none': [], 'defer': ['--defer'], 'favor': ['--defer', '--favor-state']}
EXISTS = ['none', 'some', 'all']
SELECTIONS = [None, 'ships', 'ships+', '+ships', 'tag:nightly', 'path:models/refs']


def main() -> None:
    if sys.argv[1] == '--run':
        print(json.dumps(run(sys.argv[2], sys.argv[3] == 'state')))
        return
    venvs = Path(sys.argv[1])
    (FIXTURES / 'defer').mkdir(exist_ok=True)
    for project in sys.argv[2:] or PROJECTS:
        answers = {}
        for version in reversed(PROJECTS[project]):
            answers[version] = json.loads(child(venvs, version, project, 'state' if version == '1.12' else '-'))
            print(project, version, sum(len(nodes) for nodes in answers[version]['compiled']), 'compiled nodes', file=sys.stderr)
        write(project, answers)


def child(venvs: Path, version: str, project: str, state: str) -> str:
    env = {**os.environ, 'PYTHONDONTWRITEBYTECODE': '1'}
    python = venvs / f'dbt-{version}' / 'bin' / 'python'
    if version == '2':  # its environment has no DuckDB for Python, which fills the database
        env['DBT_2'] = str(venvs / 'dbt-2' / 'bin' / 'dbt')
        python = venvs / 'dbt-1.12' / 'bin' / 'python'
    done = subprocess.run([python, __file__, '--run', project, state], env=env, text=True, stdout=subprocess.PIPE, check=True)
    return done.stdout.splitlines()[-1]


def run(project: str, keep_state: bool) -> dict[str, Any]:
    compiled, errors = [], []
    with tempfile.TemporaryDirectory() as place:
        root = copied({'project': str(FIXTURES / 'projects' / project)}, Path(place))
        manifests = {}
        for target in ('prod', 'dev'):
            flags = flags_of({'target': target}, root)
            answer = invoke(['parse', *flags, '--target-path', f'{place}/{target}'], root)
            if answer.exit:
                raise SystemExit(f'{project}: {answer.error}')
            manifests[target] = json.loads(Path(place, target, 'manifest.json').read_text())
        relations = {level: existing(project, level, manifests['dev']) for level in EXISTS}
        steady = {'DBT_PARTIAL_PARSE': 'true'}
        for mode, options in MODES.items():
            for level in EXISTS:
                fill(root / 'dev.duckdb', relations[level])
                for selection in SELECTIONS:
                    arguments = ['compile', *flags_of({'target': 'dev'}, root), '--target-path', f'{place}/out', *options]
                    # dbt 2 defers as soon as it has a state.
                    arguments += ['--state', f'{place}/prod'] + (['--no-defer'] if not options else [])
                    arguments += ['--select', selection] if selection else []
                    if DBT_2:  # its manifest would show what the last command left in the target path
                        shutil.rmtree(Path(place, 'out'), ignore_errors=True)
                    answer = invoke(arguments, root, steady)
                    texts = read_2(place) if DBT_2 else read_1(answer)
                    compiled.append(texts)
                    if answer.exit:
                        errors.append(f'{mode} {level} {selection}: {answer.error}'.replace(place, '<tmp>'))
        state = slim(manifests['prod'], place) if keep_state else None
    return {'compiled': compiled, 'errors': errors, 'exists': relations, 'state': state}


def read_1(answer: Any) -> dict[str, str]:
    results = getattr(answer.result, 'results', None) or []
    return {result.node.unique_id: result.node.compiled_code for result in results
            if getattr(result.node, 'compiled_code', None) is not None and result.node.resource_type not in ('operation', 'seed')}


def read_2(place: str) -> dict[str, str]:
    file = Path(place, 'out', 'manifest.json')
    nodes = json.loads(file.read_text())['nodes'] if file.exists() else {}
    file.unlink(missing_ok=True)
    return {uid: node['compiled_code'] for uid, node in nodes.items()
            if node.get('compiled_code') is not None and uid.split('.')[0] not in ('operation', 'seed')}


def existing(project: str, level: str, manifest: dict[str, Any]) -> list[dict[str, str]]:
    nodes = {uid: node for uid, node in manifest['nodes'].items()
             if node['resource_type'] in ('model', 'seed', 'snapshot') and node['config'].get('materialized') != 'ephemeral'}
    parts = {uid: (node['database'], node['schema'], node['alias']) for uid, node in nodes.items()}
    if level == 'none':
        return []
    wanted = list(parts.values()) if level == 'all' else [parts.get(name) or tuple(name.split('.')) for name in SOME[project]]
    return [{'database': d, 'schema': s, 'identifier': i, 'type': 'table'} for d, s, i in sorted(set(wanted))]


def fill(file: Path, relations: list[dict[str, str]]) -> None:
    import duckdb
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        for relation in relations:
            connection.execute(f'create schema if not exists "{relation["schema"]}"')
            connection.execute(f'create table "{relation["schema"]}"."{relation["identifier"]}" as select 1 as id')


def slim(manifest: dict[str, Any], place: str) -> dict[str, Any]:
    """The state as dbt wrote it, less dbt's own macros and docs."""
    own = set(reduced(manifest)['macros'])
    manifest['macros'] = {uid: macro for uid, macro in manifest['macros'].items() if uid in own}
    manifest['docs'] = {uid: doc for uid, doc in manifest['docs'].items() if not uid.startswith('doc.dbt.')}
    manifest['metadata'].update(user_id=None, env={}, invocation_id=None)
    for key in ('generated_at', 'invocation_started_at', 'run_started_at'):
        manifest['metadata'][key] = '2026-01-05T06:00:00.000000Z'
    for node in manifest['nodes'].values():
        node['created_at'] = 0
        if node.get('root_path'):
            node['root_path'] = None
    text = json.dumps(manifest)
    if place in text:
        raise SystemExit(f'a path of this machine: {text[text.index(place) - 60:][:140]}')
    return manifest


def write(project: str, answers: dict[str, dict[str, Any]]) -> None:
    newest = answers['1.12']
    nodes: dict[str, dict[str, Any]] = {}
    for version, answer in answers.items():
        for uid in sorted({uid for texts in answer['compiled'] for uid in texts}):
            node = nodes.setdefault(uid, {'texts': [], 'answers': []})
            row = []
            for texts in answer['compiled']:
                code = texts.get(uid)
                if code is not None and code not in node['texts']:
                    node['texts'].append(code)
                row.append(None if code is None else node['texts'].index(code))
            same = next((each for each in node['answers'] if each['row'] == row), None)
            if same:
                same['dbt'].append(version)
            else:
                node['answers'].append({'dbt': [version], 'row': row})
    lines = [f'{json.dumps(uid)}: {json.dumps(node, ensure_ascii=False, separators=(",", ":"))}' for uid, node in sorted(nodes.items())]
    head = {'project': project, 'dbt': list(answers), 'modes': list(MODES), 'exists': newest['exists'], 'selections': SELECTIONS,
            'errors': {version: answer['errors'] for version, answer in answers.items() if answer['errors']}}
    text = json.dumps(head, ensure_ascii=False, indent=0)[:-2] + ',\n"nodes": {\n' + ',\n'.join(lines) + '\n}}\n'
    json.loads(text)
    (FIXTURES / 'defer' / f'{project}.json').write_text(text)
    state = FIXTURES / 'defer' / f'{project}.state'
    state.mkdir(exist_ok=True)
    (state / 'manifest.json').write_text(json.dumps(newest['state']))


if __name__ == '__main__':
    main()
