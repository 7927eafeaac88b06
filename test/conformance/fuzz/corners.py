"""Composes dense projects out of small scenes, each a corner of dbt that few projects reach: python corners.py FIRST COUNT DIRECTORY.

A scene (corner_scenes*.py) writes its own files and property entries with names of its own, so any choice of them makes a valid project;
the same seed gives the same bytes. Compared by parse.ts and fuzz/defer.ts like the projects of generate_project.py.
"""
from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path
from typing import Any, Callable

import yaml

PROFILES = {
    'dev': {'type': 'duckdb', 'path': 'dev.duckdb', 'schema': 'dev_me', 'threads': 1},
    'prod': {'type': 'duckdb', 'path': 'prod.duckdb', 'schema': 'analytics', 'threads': 1},
}


class Scene:
    """What one corner writes to: the root project or a package; `n` makes its names its own."""

    def __init__(self, rng: random.Random, number: int, project: 'Project', owner: str) -> None:
        self.rng, self.n, self.project, self.owner = rng, number, project, owner

    def file(self, path: str, text: str, package: str | None = None) -> None:
        self.project.files[self.project.place(package or self.owner) + path] = text

    def declare(self, path: str, section: str, entry: Any, package: str | None = None) -> None:
        self.project.properties.setdefault(self.project.place(package or self.owner) + path, {}).setdefault(section, []).append(entry)

    def setting(self, value: dict[str, Any], package: str | None = None) -> None:
        """Merges into dbt_project.yml; lists are joined, of two plain values the first stays."""
        merge(self.project.settings.setdefault(package or self.owner, {}), value)

    def name(self, stem: str) -> str:
        return f'{stem}_{self.n}'

    def model(self, stem: str, text: str = 'select 1 as id', folder: str = 'models/corners') -> str:
        self.file(f'{folder}/{self.name(stem)}.sql', text)
        return self.name(stem)

    def maybe(self, chance: float = 0.5) -> bool:
        return self.rng.random() < chance

    def any(self, *options: Any) -> Any:
        return self.rng.choice(options)


class Project:
    def __init__(self, seed: int) -> None:
        self.files: dict[str, str] = {}
        self.properties: dict[str, dict[str, list[Any]]] = {}
        self.settings: dict[str, dict[str, Any]] = {}
        self.root = f'house{seed % 5}'

    def place(self, package: str) -> str:
        return '' if package == self.root else f'dbt_packages/{package}/'


def merge(into: dict[str, Any], value: dict[str, Any]) -> None:
    for key, each in value.items():
        if isinstance(into.get(key), dict) and isinstance(each, dict):
            merge(into[key], each)
        elif isinstance(into.get(key), list) and isinstance(each, list):
            into[key].extend(each)
        else:
            into.setdefault(key, each)


def compose(seed: int, scenes: list[Callable[[Scene], None]], only: str | None = None) -> dict[str, str]:
    rng = random.Random(seed)
    project = Project(seed)
    packages = ['lodge', 'annex']
    chosen = [each for each in scenes if each.__name__ == only] if only else rng.sample(scenes, min(len(scenes), rng.choice([8, 14, 20])))
    for number, scene in enumerate(chosen, 1):
        owner = rng.choice([project.root] * 4 + packages)
        scene(Scene(rng, number, project, owner))
    for package in packages:
        project.files.setdefault(project.place(package) + f'models/{package}_base.sql', 'select 1 as id')
        project.files.setdefault(project.place(package) + 'macros/own.sql', '{% macro own(x) %}' + package + '({{ x }}){% endmacro %}\n')
    files = dict(project.files)
    files['profiles.yml'] = dump({'house': {'target': 'dev', 'outputs': PROFILES}})
    files['packages.yml'] = dump({'packages': [{'local': f'dbt_packages/{each}'} for each in packages]})
    for name in [project.root, *packages]:
        base = {'name': name, 'version': '1.0.0', 'config-version': 2, 'profile': 'house'}
        files[project.place(name) + 'dbt_project.yml'] = dump({**base, **project.settings.get(name, {})})
    for path, sections in project.properties.items():
        files[path] = dump({'version': 2, **sections} if rng.random() < 0.5 else sections)
    return files


def dump(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120)


def main() -> None:
    from corner_scenes import SCENES

    first, count, place = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    only = sys.argv[4] if len(sys.argv) > 4 else None
    for seed in range(first, first + count):
        target = place / f'c{seed}'
        shutil.rmtree(target, ignore_errors=True)
        for path, text in compose(seed, SCENES, only).items():
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding='utf-8', newline='')


if __name__ == '__main__':
    main()
