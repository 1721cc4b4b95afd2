#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turn terms.csv into the tries that the import walks, and into the table of docs/spec/terms.md.

    make_map.py --data FILE     writes the tries as C; meson does this
    make_map.py --write-spec    renews the table
    make_map.py --check-spec    says whether the table is up to date; exit status 1 if not
"""
import csv
import difflib
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = os.path.join(HERE, '..', '..', 'docs', 'spec', 'terms.md')
BEGIN, END = '<!-- begin generated: lib/invoice/make_map.py -->', '<!-- end generated -->'

SYNTAXES = ['ubl', 'creditnote', 'cii']
ROOTS = {'ubl': 'ubl:Invoice', 'creditnote': 'cn:CreditNote', 'cii': 'rsm:CrossIndustryInvoice'}
# As in map.h, from 1.
NAMESPACES = ['ubl', 'cn', 'cac', 'cbc', 'rsm', 'ram', 'udt', 'qdt', '@']
FORMS = ['text', 'date', 'decimal', 'amount', 'note', 'subject', 'taxpoint', 'binary']
REPEATS = {'': 'SINGLE', 'n': 'INDEXED', 'same': 'SAME'}
QUALIFIERS = ['currency', 'filename', 'mime', 'scheme', 'version']
OTHER, ANY = 0, 254  # variants: none of the values; a group whatever the variant
TABLE_BITS = 11


class Node:
    def __init__(self, name, parent):
        self.name, self.parent, self.children = name, parent, {}
        self.actions = []    # (term, rank, qualifier, currency, [(scope, variant)])
        self.groups = []     # (group, variant)
        self.selector = None  # the node that selects among this one's variants
        self.values = []     # the variants, from 1
        self.selects = None  # the node whose variant this one selects
        self.form = None
        self.number = 0

    def child(self, name):
        if name not in self.children:
            self.children[name] = Node(name, self)
        return self.children[name]

    def find(self, path):
        node = self
        for name in path.split('/'):
            node = node.child(name)
        return node


def read_rows():
    with open(os.path.join(HERE, 'terms.csv'), encoding='utf-8', newline='') as f:
        return list(csv.DictReader(line for line in f if not line.startswith('#')))


def expand(text, macros):
    while '$' in text:
        text = re.sub(r'\$[a-z]+', lambda m: macros[m.group()], text)
    return text


def paths_of(row, syntax, macros):
    """The alternatives of a row in a syntax."""
    text = row['cii' if syntax == 'cii' else 'ubl']
    if syntax == 'creditnote' and row['creditnote']:
        text = row['creditnote']
    return [] if text in ('', '-') else [expand(p, macros[syntax]) for p in text.split(' | ')]


def macros_of(rows):
    macros = {s: {} for s in SYNTAXES}
    for row in rows:
        if row['term'].startswith('$'):
            macros['ubl'][row['term']] = row['ubl']
            macros['creditnote'][row['term']] = row['creditnote'] or row['ubl']
            macros['cii'][row['term']] = row['cii']
    return macros


def steps_of(path):
    """[(name, None or (selector path, is equal, values))]"""
    steps = []
    for m in re.finditer(r'([^/\[\]]+)(?:\[([^!=]+)(!?=)([^\]]*)\])?(?:/|$)', path):
        predicate = (m.group(2), m.group(3) == '=', m.group(4).split(';')) if m.group(2) else None
        steps.append((m.group(1), predicate))
    return steps


def walk(root, path):
    """The node of a path, its conditions and its currency."""
    node, conditions, currency = root, [], 0
    for name, predicate in steps_of(path):
        node = node.child(name)
        if predicate is None:
            continue
        selector, equal, values = predicate
        if values[0].startswith('BT-'):
            currency = int(values[0][3:])
            continue
        node.selector = node.find(selector)
        node.selector.selects = node
        for value in values:
            if value not in node.values:
                node.values.append(value)
        conditions.append((node, values[0] if equal else None))
    return node, conditions, currency


def build(rows, syntax, macros, terms):
    root = Node(ROOTS[syntax], None)
    for row in rows:
        if row['term'].startswith('$'):
            continue
        name, _, qualifier = row['term'].partition('@')
        for rank, path in enumerate(paths_of(row, syntax, macros)):
            node, conditions, currency = walk(root, path)
            if name == '=':
                continue
            number = int(name[3:])
            if name.startswith('BG'):
                own = [value for scope, value in conditions if scope is node]
                node.groups.append((number, own[0] if own else ANY))
                continue
            # An order of preference matters only where one term may be written in several places.
            rank = 0 if terms[number]['repeat'] == 'n' else rank
            node.actions.append((number, rank, qualifier, currency, conditions))
            if not qualifier:
                node.form = row['form']
                if row['form'] == 'amount':
                    node.child('@currencyID')
                if row['form'] == 'date' and syntax == 'cii':
                    node.child('@format')
    return root


def number_nodes(roots):
    nodes = [None]
    queue = list(roots)
    while queue:
        node = queue.pop(0)
        node.number = len(nodes)
        nodes.append(node)
        queue += node.children.values()
    return nodes


def split_name(name):
    if name.startswith('@'):
        return '@', name[1:]
    return tuple(name.split(':'))


def hash_edge(parent, namespace, local):
    """As edge_hash() in map.c."""
    b, n = local.encode(), len(local)
    h = parent * 0x9E3779B1 + namespace * 0x85EBCA6B + n * 0xC2B2AE35
    h += b[0] * 0x27D4EB2F + b[n // 4] * 0x165667B1 + b[n // 2] * 0x988EF76F
    h += b[n - n // 4 - 1] * 0xD3A2646D + b[n - 1] * 0xFD7046C5
    h &= 0xFFFFFFFF
    h ^= h >> 15
    return (h * 0x2C1B3C6D & 0xFFFFFFFF) >> (32 - TABLE_BITS)


def hash_table(nodes):
    table = [0] * (1 << TABLE_BITS)
    longest = 0
    for node in nodes[1:]:
        namespace, local = split_name(node.name)
        parent = node.parent.number if node.parent else 0
        at = hash_edge(parent, NAMESPACES.index(namespace) + 1, local)
        probes = 0
        while table[at]:
            at = (at + 1) % len(table)
            probes += 1
        table[at] = node.number
        longest = max(longest, probes)
    return table, longest


def variant_of(scope, value):
    return OTHER if value is None else scope.values.index(value) + 1


def up(node):
    """How many elements the selected one stands above the one that selects; an attribute belongs to its element."""
    n, at = 0, node if not node.name.startswith('@') else node.parent
    while at is not node.selects:
        at, n = at.parent, n + 1
    return n


def flow(items, width=112, indent='\t'):
    lines, line = [], indent
    for item in items:
        if len(line) + len(item) + 7 > width and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += item + ', '
    return '\n'.join(lines + [line.rstrip()])


def c_node(node, names, lists, outer):
    flags = []
    if node.selects:
        flags.append('SELECTOR')
    if node.selector or node.groups:
        flags.append('SCOPE')
    if any(g in outer for g, _ in node.groups):
        flags.append('OUTER')
    if node.name == '@currencyID' and not node.actions:
        flags.append('CURRENCY')
    if node.name == '@format':
        flags.append('FORMAT')
    if node.form or node.selects or node.actions:
        flags.append('LEAF')
    actions, values, groups = lists
    row = dict(parent=node.parent.number if node.parent else 0, name=names[node.name],
               actions=len(actions), action_count=len(node.actions),
               values=len(values), value_count=len(node.values),
               groups=len(groups), group_count=len(node.groups),
               form=FORMS.index(node.form) if node.form else 0, up=up(node) if node.selects else 0)
    for number, rank, qualifier, currency, conditions in node.actions:
        assert len(conditions) <= 2, node.name
        pairs = [(s.number, variant_of(s, v)) for s, v in conditions] + [(0, 0)] * (2 - len(conditions))
        actions.append('{%d, %d, %d, %d, {%d, %d}, {%d, %d}}' % (
            number, rank, QUALIFIERS.index(qualifier) + 1 if qualifier else 0, currency,
            pairs[0][0], pairs[1][0], pairs[0][1], pairs[1][1]))
    values += ['"%s"' % v.upper() for v in node.values]
    groups += ['{%d, %d}' % (g, v if v == ANY else variant_of(node, v)) for g, v in node.groups]
    return '{%s, %s}' % (', '.join(str(row[k]) for k in row), ' | '.join(flags) or '0')


def term_infos(rows):
    infos = {}
    for row in rows:
        name, _, qualifier = row['term'].partition('@')
        if name.startswith('BG'):
            infos[('BG', int(name[3:]))] = row
        elif name.startswith('BT') and not qualifier:
            infos[int(name[3:])] = dict(row, qualifiers=[])
        elif name.startswith('BT'):
            infos[int(name[3:])]['qualifiers'].append(qualifier)
    return infos


def c_term(info):
    if info is None:
        return '{0, 0, {0, 0}, 0, false}'
    groups = [int(g[3:]) for g in info['in'].split()] + [0, 0]
    qualifiers = sum(1 << QUALIFIERS.index(q) + 1 for q in info['qualifiers'])
    if info['form'] == 'amount':
        qualifiers |= 1 << 1
    return '{%s, %s, {%d, %d}, %d, true}' % ('FORM_' + info['form'].upper(), REPEATS[info['repeat']],
                                       groups[0], groups[1], qualifiers)


def make_data(rows):
    macros, terms = macros_of(rows), term_infos(rows)
    nodes = number_nodes([build(rows, s, macros, terms) for s in SYNTAXES])
    table, longest = hash_table(nodes)
    assert longest <= 4, 'edge_hash() needs other factors'
    assert all(len(n.actions) <= 8 for n in nodes[1:])
    names = {name: i for i, name in enumerate(dict.fromkeys(n.name for n in nodes[1:]))}
    actions, values, groups = [], [], []
    outer = {int(row['in'][3:].split()[0]) for row in rows if row['term'].startswith('BG') and row['in']}
    c_nodes = ['{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}'] + [
        c_node(n, names, (actions, values, groups), outer) for n in nodes[1:]]
    c_names = ['{%d, %d, "%s"}' % (NAMESPACES.index(split_name(n)[0]) + 1, len(split_name(n)[1]), split_name(n)[1])
               for n in names]
    last = max(k for k in terms if isinstance(k, int))
    levels = ['0'] * 33
    for key in terms:
        if isinstance(key, tuple):
            levels[key[1]] = str(1 + len(terms[key]['in'].split()))
    out = ['/* SPDX-License-Identifier: Apache-2.0 */',
           '/* The term map, generated by make_map.py from terms.csv. */',
           '#include "invoice/map.h"', '',
           '#define SINGLE AVAL_REPEAT_SINGLE', '#define INDEXED AVAL_REPEAT_INDEXED', '#define SAME AVAL_REPEAT_SAME',
           '#define SELECTOR AVAL_NODE_SELECTOR', '#define SCOPE AVAL_NODE_SCOPE', '#define OUTER AVAL_NODE_OUTER',
           '#define LEAF AVAL_NODE_LEAF',
           '#define CURRENCY AVAL_NODE_CURRENCY', '#define FORMAT AVAL_NODE_FORMAT'] + ['#define FORM_%s AVAL_FORM_%s' % (f.upper(), f.upper()) for f in FORMS]

    def array(kind, name, items):
        out.extend(['', 'const %s %s[] = {' % (kind, name), flow(items), '};'])

    array('aval_map_name', 'aval_map_names', c_names)
    array('aval_map_node', 'aval_map_nodes', c_nodes)
    array('aval_map_action', 'aval_map_actions', actions)
    array('char *const', 'aval_map_values', values)
    array('aval_map_group', 'aval_map_groups', groups)
    array('aval_map_term', 'aval_map_terms', [c_term(terms.get(i)) for i in range(last + 1)])
    array('uint8_t', 'aval_map_group_levels', levels)
    array('uint16_t', 'aval_map_edges', [str(n) for n in table])
    return '\n'.join(out) + '\n'


def cell(paths):
    return '<br>'.join('`%s`' % p.replace('/@#subject', '') for p in paths)


def make_table(rows):
    macros = macros_of(rows)
    out = ['| term | name | in | form | UBL Invoice | CII |', '|---|---|---|---|---|---|']
    notes, fixed = [], []
    for row in rows:
        if row['term'].startswith('$'):
            continue
        if row['term'] == '=':
            ubl, _, cii = (paths_of(row, s, macros) for s in SYNTAXES)
            fixed.append('| %s | %s | %s |' % (row['name'], cell(ubl), cell(cii)))
            continue
        name, _, qualifier = row['term'].partition('@')
        label = name + ('.n' if row['repeat'] == 'n' else '') + (' ' + qualifier if qualifier else '')
        form = row['form'] + (', same' if row['repeat'] == 'same' else '')
        where = ' '.join(g + '.n' for g in row['in'].split())
        ubl, cn, cii = (paths_of(row, s, macros) for s in SYNTAXES)
        out.append('| %s | %s | %s | %s | %s | %s |' % (label, row['name'], where, form, cell(ubl), cell(cii)))
        if row['creditnote']:
            notes.append('| %s | %s |' % (label, cell(cn)))
    out += ['', 'In a CreditNote `cac:InvoiceLine` is `cac:CreditNoteLine`, and these stand elsewhere:', '',
            '| term | UBL CreditNote |', '|---|---|'] + notes
    out += ['', 'These say what is known anyway, and are neither terms nor unmapped:', '',
            '| what | UBL | CII |', '|---|---|---|'] + fixed
    return '\n'.join(out)


def renew_spec(text):
    head, rest = text.split(BEGIN)
    return head + BEGIN + '\n\n' + make_table(read_rows()) + '\n\n' + END + rest.split(END)[1]


def check_spec(got, want):
    if got != want:
        print('docs/spec/terms.md is not what lib/invoice/make_map.py --write-spec writes:')
        print('\n'.join(list(difflib.unified_diff(got.split('\n'), want.split('\n'), lineterm='', n=0))[:20]))
        sys.exit(1)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == '--data':
        with open(sys.argv[2], 'w', encoding='utf-8') as f:
            f.write(make_data(read_rows()))
        return
    if sys.argv[1:] not in (['--write-spec'], ['--check-spec']):
        sys.exit(__doc__)
    with open(SPEC, encoding='utf-8') as f:
        text = f.read()
    if sys.argv[1] == '--check-spec':
        check_spec(text, renew_spec(text))
        return
    with open(SPEC, 'w', encoding='utf-8') as f:
        f.write(renew_spec(text))


if __name__ == '__main__':
    main()
