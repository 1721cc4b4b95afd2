#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write invoice.json: small files and the terms that the import must make of them (docs/spec/terms.md).

    python3 tests/vectors/make_invoice.py > tests/vectors/invoice.json

Every expectation is written by hand; nothing here reads an invoice. A case is either what a file gives (terms,
unmapped, defects, all of them) or the status and offset with which it is refused.
"""
import base64
import hashlib
import json
import sys

U = 'urn:oasis:names:specification:ubl:schema:xsd:'
C = 'urn:un:unece:uncefact:data:standard:'
UBL_NS = (f'xmlns:cac="{U}CommonAggregateComponents-2" xmlns:cbc="{U}CommonBasicComponents-2" '
          f'xmlns:ext="{U}CommonExtensionComponents-2"')
CII_NS = (f'xmlns:rsm="{C}CrossIndustryInvoice:100" xmlns:ram="{C}ReusableAggregateBusinessInformationEntity:100" '
          f'xmlns:udt="{C}UnqualifiedDataType:100" xmlns:qdt="{C}QualifiedDataType:100"')
UBL_HEAD, UBL_TAIL = f'<Invoice xmlns="{U}Invoice-2" {UBL_NS}>', '</Invoice>'
UNKNOWN, REPEATED, UNSELECTED, EXTENSION = 1, 2, 3, 4
VALUE, AGAIN = 'AVAL_E_INVOICE_TERM_VALUE', 'AVAL_E_INVOICE_TERM_REPEATED'
TRADE = '/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction'
CASES = []


def ubl(body):
    return UBL_HEAD + body + UBL_TAIL


def note(body):
    return f'<CreditNote xmlns="{U}CreditNote-2" {UBL_NS}>{body}</CreditNote>'


def cii(body):
    return f'<rsm:CrossIndustryInvoice {CII_NS}>{body}</rsm:CrossIndustryInvoice>'


def trade(agreement='', delivery='', settlement='', lines=''):
    parts = [lines]
    for name, body in (('Agreement', agreement), ('Delivery', delivery), ('Settlement', settlement)):
        if body:
            parts.append(f'<ram:ApplicableHeaderTrade{name}>{body}</ram:ApplicableHeaderTrade{name}>')
    return cii('<rsm:SupplyChainTradeTransaction>' + ''.join(parts) + '</rsm:SupplyChainTradeTransaction>')


def xml_of(xml):
    """Text where it is text, else bytes in hexadecimal."""
    return {'xml': xml} if isinstance(xml, str) else {'hex': xml.hex()}


def good(name, comment, xml, terms, unmapped=(), defects=()):
    terms = [[t[0], t[1], dict(t[2]) if len(t) > 2 else {}] for t in terms]
    expect = {'terms': terms, 'unmapped': [list(u) for u in unmapped], 'defects': [list(d) for d in defects]}
    CASES.append({'id': name, 'comment': comment, 'flags': [], 'input': xml_of(xml), 'expect': expect})


def bad(name, comment, xml, status, offset):
    CASES.append({'id': name, 'comment': comment, 'flags': [], 'input': xml_of(xml),
                  'expect': {'status': status, 'offset': offset}})


def both(name, comment, in_ubl, in_cii, terms, defects=()):
    good(name + '-ubl', comment, in_ubl, terms, defects=defects)
    good(name + '-cii', comment, in_cii, terms, defects=defects)


def roots():
    good('root-ubl', 'a root alone', ubl(''), [])
    good('root-credit-note', 'a root alone', note(''), [])
    good('root-cii', 'a root alone', cii(''), [])
    good('declaration', 'an XML declaration, comments and instructions say nothing',
         '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><!-- a --><?b c?>\n' +
         ubl('<cbc:ID>1</cbc:ID><!-- d -->') + '\n<!-- e -->', [('BT-1', '1')])
    good('prefixes-other', 'prefixes are anybody\'s choice',
         f'<x:Invoice xmlns:x="{U}Invoice-2" xmlns:cbc="{U}CommonAggregateComponents-2" '
         f'xmlns:cac="{U}CommonBasicComponents-2"><cac:ID>1</cac:ID><cbc:OrderReference><cac:ID>2</cac:ID>'
         '</cbc:OrderReference></x:Invoice>', [('BT-1', '1'), ('BT-13', '2')])
    good('prefixes-default', 'default namespaces, declared anew inside',
         f'<Invoice xmlns="{U}Invoice-2"><ID xmlns="{U}CommonBasicComponents-2">1</ID><OrderReference '
         f'xmlns="{U}CommonAggregateComponents-2"><ID xmlns="{U}CommonBasicComponents-2">2</ID></OrderReference>'
         '</Invoice>', [('BT-1', '1'), ('BT-13', '2')])
    good('namespace-other', 'the right name in another namespace is another element',
         ubl('<x:ID xmlns:x="urn:example">1</x:ID><ID>2</ID>'), [],
         [(UNKNOWN, '/ubl:Invoice/Q{urn:example}ID', '1'), (UNKNOWN, '/ubl:Invoice/ubl:ID', '2')])
    wrong = [('ubl-3', f'<Invoice xmlns="{U}Invoice-3"/>'), ('no-namespace', '<Invoice/>'),
             ('order', f'<Order xmlns="{U}Order-2"/>'), ('swapped', f'<CreditNote xmlns="{U}Invoice-2"/>'),
             ('zugferd-1', '<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"/>'),
             ('cii-200', f'<CrossIndustryInvoice xmlns="{C}CrossIndustryInvoice:200"/>')]
    for name, xml in wrong:
        bad('root-' + name, 'no root of the three', xml, 'AVAL_E_XML_ROOT', 0)
    bad('root-behind', 'the offset is that of the root', '<?xml version="1.0"?>\n<html/>', 'AVAL_E_XML_ROOT', 22)


def texts():
    good('text-strip', 'outer white space goes, inner stays',
         ubl('<cbc:ID> \t\r\n A \n B\t</cbc:ID>'), [('BT-1', 'A \n B')])
    good('text-nbsp', 'a no-break space is no white space of XML', ubl('<cbc:ID>\u00a01\u00a0</cbc:ID>'),
         [('BT-1', '\u00a01\u00a0')])
    good('text-cdata', 'CDATA, references and comments are ways to write text',
         ubl('<cbc:ID><![CDATA[<A&]]>&amp;&#66;<!-- no --><?no?>&lt;&#x1F600;</cbc:ID>'), [('BT-1', '<A&&B<\U0001F600')])
    good('text-empty', 'an empty text is a term', ubl('<cbc:ID/><cbc:BuyerReference> </cbc:BuyerReference>'),
         [('BT-1', ''), ('BT-10', '')])
    good('text-element', 'an element inside a value: the text before it, and a defect',
         ubl('<cbc:ID>12<cbc:Note>3</cbc:Note>4</cbc:ID>'), [('BT-1', '12')],
         [(UNKNOWN, '/ubl:Invoice/cbc:ID', '4'), (UNKNOWN, '/ubl:Invoice/cbc:ID/cbc:Note', '3')], [('BT-1', VALUE)])
    good('text-long', 'a text longer than any buffer', ubl('<cbc:ID>' + 'x' * 5000 + '</cbc:ID>'),
         [('BT-1', 'x' * 5000)])


def encodings():
    xml = ubl('<cbc:ID>Gr\u00fc\u00dfe</cbc:ID>')
    want = [('BT-1', 'Gr\u00fc\u00dfe')]
    declared = '<?xml version="1.0" encoding="%s"?>'
    good('utf-8-bom', 'a byte order mark', b'\xef\xbb\xbf' + xml.encode(), want)
    good('utf-16-le', 'UTF-16 with its mark', b'\xff\xfe' + (declared % 'UTF-16' + xml).encode('utf-16-le'), want)
    good('utf-16-be', 'UTF-16 with its mark', b'\xfe\xff' + (declared % 'UTF-16' + xml).encode('utf-16-be'), want)
    good('latin-1', 'ISO-8859-1', (declared % 'ISO-8859-1' + xml).encode('latin-1'), want)
    good('ascii', 'US-ASCII', (declared % 'US-ASCII' + ubl('<cbc:ID>Gr&#252;&#223;e</cbc:ID>')).encode(), want)
    bad('windows-1252', 'an encoding that expat does not know', (declared % 'windows-1252' + xml).encode('cp1252'),
        'AVAL_E_XML_ENCODING', 30)
    bad('latin-9', 'an encoding that expat does not know', (declared % 'ISO-8859-15' + xml).encode('iso8859-15'),
        'AVAL_E_XML_ENCODING', 30)
    bad('utf-16-not', 'says UTF-16 and is not', (declared % 'UTF-16' + xml).encode(), 'AVAL_E_XML_ENCODING', 30)
    latin = UBL_HEAD.encode() + b'<cbc:ID>'
    bad('utf-8-not', 'says nothing, so it is UTF-8, and is not', latin + b'Gr\xfc</cbc:ID></Invoice>',
        'AVAL_E_XML_SYNTAX', len(latin) + 2)


def syntax_errors():
    head = len(UBL_HEAD)
    bad('empty', 'no bytes', '', 'AVAL_E_XML_SYNTAX', 0)
    bad('blank', 'no element', ' \n', 'AVAL_E_XML_SYNTAX', 2)
    bad('truncated', 'the root does not end', UBL_HEAD + '<cbc:ID>1', 'AVAL_E_XML_SYNTAX', head + 9)
    bad('crossed', 'tags that cross', ubl('<cbc:ID></cbc:Note>'), 'AVAL_E_XML_SYNTAX', head + 10)
    bad('trailing', 'an element behind the root', ubl('') + '<a/>', 'AVAL_E_XML_SYNTAX', head + 10)
    bad('attribute-twice', 'an attribute twice', ubl('<cbc:ID a="1" a="2"/>'), 'AVAL_E_XML_SYNTAX', head + 14)
    bad('prefix-unbound', 'a prefix without namespace', ubl('<x:ID/>'), 'AVAL_E_XML_SYNTAX', head)
    bad('nul', 'a NUL byte', UBL_HEAD.encode() + b'<cbc:ID>1\0</cbc:ID></Invoice>', 'AVAL_E_XML_SYNTAX', head + 9)
    bad('nul-reference', 'a reference to NUL', ubl('<cbc:ID>&#0;</cbc:ID>'), 'AVAL_E_XML_SYNTAX', head + 8)
    # The offset is where expat knows what the declaration is: at its end, or where its subset begins.
    bad('doctype', 'a document type', '<!DOCTYPE Invoice>' + ubl(''), 'AVAL_E_XML_DOCTYPE', 17)
    bad('doctype-external', 'a document type elsewhere',
        '<?xml version="1.0"?>\n<!DOCTYPE Invoice SYSTEM "file:///etc/hosts">' + ubl(''), 'AVAL_E_XML_DOCTYPE', 66)
    laughs = '<!DOCTYPE l [<!ENTITY a "ha">' + ''.join(
        f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in zip('abcdefghi', 'bcdefghij')) + ']>'
    bad('laughs', 'entities of entities', laughs + ubl('<cbc:ID>&j;</cbc:ID>'), 'AVAL_E_XML_DOCTYPE', 12)
    bad('entity', 'an entity of nobody', ubl('<cbc:ID>&secret;</cbc:ID>'), 'AVAL_E_XML_DOCTYPE', head + 8)
    deep = ''.join(f'<cbc:D{i}>' for i in range(63)), ''.join(f'</cbc:D{i}>' for i in reversed(range(63)))
    path = '/ubl:Invoice' + ''.join(f'/cbc:D{i}' for i in range(63))
    good('depth-64', 'as deep as may be', ubl(deep[0] + 'x' + deep[1]), [], [(UNKNOWN, path, 'x')])
    bad('depth-65', 'one deeper', ubl(deep[0] + '<a/>' + deep[1]), 'AVAL_E_XML_DEPTH', head + len(deep[0]))
    ext = '<ext:UBLExtensions><ext:UBLExtension>'
    bad('depth-extension', 'too deep inside an extension', UBL_HEAD + ext + '<a>' * 62, 'AVAL_E_XML_DEPTH',
        head + len(ext) + 3 * 61)


def amount(text):
    return ubl('<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cac:LegalMonetaryTotal>'
               f'<cbc:PayableAmount currencyID="EUR">{text}</cbc:PayableAmount></cac:LegalMonetaryTotal>')


def decimals():
    digits = '1234567890' * 3 + '1234'
    rows = [('plain', '12.34', '12.34'), ('plus', '+7', '7'), ('minus', '-7.10', '-7.1'),
            ('zeros', '007.500', '7.5'), ('minus-zero', '-0.00', '0'), ('zero', '000', '0'), ('no-whole', '.5', '0.5'),
            ('no-fraction', '5.', '5'), ('space', ' 5 ', '5'), ('digits-34', digits, digits),
            ('scale-34', '0.' + digits, '0.' + digits), ('scale-35-zero', '-0.' + digits + '0', '-0.' + digits),
            ('small', '0.' + '0' * 33 + '1', '0.' + '0' * 33 + '1'),
            ('leading-zeros', '0' * 60 + '1.0' + '0' * 60, '1')]
    for name, text, value in rows:
        good('decimal-' + name, 'a number', amount(text), [('BT-5', 'EUR'), ('BT-115', value)])
    wrong = [('empty', ''), ('sign', '-'), ('point', '.'), ('exponent', '1e3'), ('comma', '1,5'), ('group', '1 000'),
             ('hex', '0x10'), ('two-points', '1.2.3'), ('two-signs', '--1'), ('nan', 'NaN'), ('inf', 'INF'),
             ('digits-35', digits + '5'), ('scale-35', '0.' + '0' * 34 + '1'), ('arabic', '\u0661'),
             ('tens', '1' + '0' * 34)]
    for name, text in wrong:
        good('decimal-not-' + name, 'not a number of at most 34 digits', amount(text),
             [('BT-5', 'EUR'), ('BT-115', text)], defects=[('BT-115', VALUE)])


def issue_date(text, fmt='102'):
    attribute = f' format="{fmt}"' if fmt else ''
    return cii(f'<rsm:ExchangedDocument><ram:IssueDateTime><udt:DateTimeString{attribute}>{text}</udt:DateTimeString>'
               '</ram:IssueDateTime></rsm:ExchangedDocument>')


def dates():
    for name, text in (('plain', '2030-02-28'), ('utc', '2030-02-28Z'), ('zone', '2030-02-28+13:00'),
                       ('zone-west', ' 2030-02-28-05:00 ')):
        good('date-ubl-' + name, 'a date of UBL', ubl(f'<cbc:IssueDate>{text}</cbc:IssueDate>'), [('BT-2', '2030-02-28')])
    for name, text in (('day', '2030-02-29'), ('time', '2030-02-28T00:00:00'), ('short', '2030-2-28'), ('empty', ''),
                       ('german', '28.02.2030'), ('zone', '2030-02-28+1:00')):
        good('date-ubl-not-' + name, 'not a date of UBL', ubl(f'<cbc:IssueDate>{text}</cbc:IssueDate>'),
             [('BT-2', text)], defects=[('BT-2', VALUE)])
    good('date-cii-plain', 'format 102', issue_date('20300228'), [('BT-2', '2030-02-28')])
    for name, text, fmt in (('day', '20300229', '102'), ('iso', '2030-02-28', '102'), ('long', '203002281', '102'),
                            ('format', '203002281200', '203'), ('no-format', '20300228', None), ('empty', '', '102')):
        good('date-cii-not-' + name, 'not a date of format 102', issue_date(text, fmt), [('BT-2', text)],
             defects=[('BT-2', VALUE)])


def tax_points():
    for a, b in (('3', '5'), ('35', '29'), ('432', '72')):
        both('tax-point-' + a, 'one list of codes',
             ubl(f'<cac:InvoicePeriod><cbc:DescriptionCode>{a}</cbc:DescriptionCode></cac:InvoicePeriod>'),
             trade(settlement=f'<ram:ApplicableTradeTax><ram:DueDateTypeCode>{b}</ram:DueDateTypeCode>'
                   '</ram:ApplicableTradeTax>'), [('BT-8', a)])
    good('tax-point-ubl-29', 'a code of CII in UBL',
         ubl('<cac:InvoicePeriod><cbc:DescriptionCode>29</cbc:DescriptionCode></cac:InvoicePeriod>'),
         [('BT-8', '29')], defects=[('BT-8', VALUE)])
    tax = '<ram:ApplicableTradeTax><ram:DueDateTypeCode>%s</ram:DueDateTypeCode></ram:ApplicableTradeTax>'
    good('tax-point-cii-35', 'a code of UBL in CII', trade(settlement=tax % '35'), [('BT-8', '35')],
         defects=[('BT-8', VALUE)])
    good('tax-point-cii-same', 'each breakdown repeats it', trade(settlement=tax % '5' + tax % '5'), [('BT-8', '3')])
    good('tax-point-cii-other', 'and must not contradict', trade(settlement=tax % '5' + tax % '72'), [('BT-8', '3')],
         [(REPEATED, TRADE + '/ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:DueDateTypeCode', '432')],
         [('BT-8', AGAIN)])


def notes():
    def one(text):
        return ubl(f'<cbc:Note>{text}</cbc:Note>')

    def two(text, code=''):
        code = f'<ram:SubjectCode>{code}</ram:SubjectCode>' if code else ''
        return cii(f'<rsm:ExchangedDocument><ram:IncludedNote><ram:Content>{text}</ram:Content>{code}'
                   '</ram:IncludedNote></rsm:ExchangedDocument>')

    both('note-code', 'a subject code stands before the text, or beside it', one('#AAI# Hello '), two('Hello', 'AAI'),
         [('BG-1.1/BT-21', 'AAI'), ('BG-1.1/BT-22', 'Hello')])
    both('note-plain', 'a note without code', one('Hello'), two(' Hello'), [('BG-1.1/BT-22', 'Hello')])
    for name, text in (('unknown', '#ABY#Hello'), ('case', '#aai#Hello'), ('open', '#AAIHello'), ('later', 'x#AAI#y'),
                       ('four', '#AAIX#y'), ('half', '#AAI')):
        good('note-not-' + name, 'no subject code', one(text), [('BG-1.1/BT-22', text)])
    good('note-code-alone', 'a code and no text', one('#AAI#'), [('BG-1.1/BT-21', 'AAI'), ('BG-1.1/BT-22', '')])
    good('note-cii-hash', 'in CII the text is the text', two('#AAI#Hello'), [('BG-1.1/BT-22', '#AAI#Hello')])
    good('note-line', 'a line\'s note has no code', ubl('<cac:InvoiceLine><cbc:Note>#AAI#x</cbc:Note></cac:InvoiceLine>'),
         [('BG-25.1/BT-127', '#AAI#x')])
    good('notes', 'notes count in their order', ubl('<cbc:Note>b</cbc:Note><cbc:Note/><cbc:Note>#ZZZ#a</cbc:Note>'),
         [('BG-1.1/BT-22', 'b'), ('BG-1.2/BT-22', ''), ('BG-1.3/BT-21', 'ZZZ'), ('BG-1.3/BT-22', 'a')])


def binaries():
    data = bytes(range(256)) * 3
    text = base64.b64encode(data).decode()
    wrapped = '\n'.join(text[i:i + 76] for i in range(0, len(text), 76))

    def one(content):
        return ubl('<cac:AdditionalDocumentReference><cac:Attachment><cbc:EmbeddedDocumentBinaryObject '
                   f'mimeCode="text/csv" filename="a.csv">{content}</cbc:EmbeddedDocumentBinaryObject>'
                   '</cac:Attachment></cac:AdditionalDocumentReference>')

    def two(content):
        return trade('<ram:AdditionalReferencedDocument><ram:TypeCode>916</ram:TypeCode><ram:AttachmentBinaryObject '
                     f'filename="a.csv" mimeCode="text/csv">{content}</ram:AttachmentBinaryObject>'
                     '</ram:AdditionalReferencedDocument>')

    qualifiers = {'filename': 'a.csv', 'mime': 'text/csv'}
    both('binary', 'the hash of the bytes, however the base64 is wrapped', one(text), two(wrapped),
         [('BG-24.1/BT-125', hashlib.sha256(data).hexdigest(), qualifiers)])
    for n in range(1, 5):
        data = b'\xff' * n
        good(f'binary-{n}', 'each length of the last group', one(base64.b64encode(data).decode()),
             [('BG-24.1/BT-125', hashlib.sha256(data).hexdigest(), qualifiers)])
    good('binary-empty', 'no attachment', one(' '), [('BG-24.1/BT-125', '', qualifiers)])
    for name, content in (('character', 'QUJ!'), ('short', 'QUJ'), ('padding', 'QU=D'), ('padding-three', 'Q==='),
                          ('bits', 'QUJ='), ('bits-two', 'QR=='), ('behind', 'QQ==QQ=='), ('url', 'Q_-D')):
        good('binary-not-' + name, 'not base64', one(content), [('BG-24.1/BT-125', content, qualifiers)],
             defects=[('BG-24.1/BT-125', VALUE)])


def currencies():
    eur = '<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>'
    sek = '<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>'
    pay = '<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="%s">1</cbc:PayableAmount></cac:LegalMonetaryTotal>'
    tax = '<cac:TaxTotal><cbc:TaxAmount currencyID="%s">%s</cbc:TaxAmount></cac:TaxTotal>'
    amounts = '/ubl:Invoice/cac:TaxTotal/cbc:TaxAmount'
    good('currency-late', 'BT-5 may stand behind the amounts', ubl(pay % 'EUR' + eur), [('BT-5', 'EUR'), ('BT-115', '1')])
    good('currency-other', 'an amount in another currency says so', ubl(eur + pay % 'USD'),
         [('BT-5', 'EUR'), ('BT-115', '1', {'currency': 'USD'})], defects=[('BT-115', VALUE)])
    good('currency-none', 'without BT-5 no currency is the right one', ubl(pay % 'EUR'),
         [('BT-115', '1', {'currency': 'EUR'})], defects=[('BT-115', VALUE)])
    good('currency-cii', 'in CII the attribute may be missing, or agree', trade(
        settlement='<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>'
        '<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:DuePayableAmount>1</ram:DuePayableAmount>'
        '<ram:GrandTotalAmount currencyID="EUR">2</ram:GrandTotalAmount>'
        '<ram:LineTotalAmount currencyID="CHF">3</ram:LineTotalAmount>'
        '</ram:SpecifiedTradeSettlementHeaderMonetarySummation>'),
        [('BT-5', 'EUR'), ('BT-106', '3', {'currency': 'CHF'}), ('BT-112', '2'), ('BT-115', '1')],
        defects=[('BT-106', VALUE)])
    good('vat-totals', 'BT-110 and BT-111 differ by currency, not by place',
         ubl(tax % ('SEK', '9') + eur + sek + tax % ('EUR', '1')),
         [('BT-5', 'EUR'), ('BT-6', 'SEK'), ('BT-110', '1'), ('BT-111', '9')])
    good('vat-totals-cii', 'and so in CII', trade(
        settlement='<ram:TaxCurrencyCode>SEK</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>'
        '<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxTotalAmount currencyID="SEK">9'
        '</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID="EUR">1</ram:TaxTotalAmount>'
        '</ram:SpecifiedTradeSettlementHeaderMonetarySummation>'),
        [('BT-5', 'EUR'), ('BT-6', 'SEK'), ('BT-110', '1'), ('BT-111', '9')])
    good('vat-total-other', 'a third currency is nobody\'s', ubl(eur + tax % ('USD', '1')), [('BT-5', 'EUR')],
         [(UNSELECTED, amounts, '1')])
    good('vat-total-no-currency', 'nor is none', ubl(eur + '<cac:TaxTotal><cbc:TaxAmount>1</cbc:TaxAmount></cac:TaxTotal>'),
         [('BT-5', 'EUR')], [(UNSELECTED, amounts, '1')])
    good('vat-total-empty-currency', 'nor is an empty one, also where BT-6 is missing', ubl(eur + tax % ('', '1')),
         [('BT-5', 'EUR')], [(UNSELECTED, amounts, '1')])
    good('currency-empty-first', 'an empty BT-5 gives way', ubl('<cbc:DocumentCurrencyCode/>' + eur + pay % 'EUR'),
         [('BT-5', 'EUR'), ('BT-115', '1')], [(REPEATED, '/ubl:Invoice/cbc:DocumentCurrencyCode', '')])
    good('vat-totals-same', 'one currency for both: the first is BT-110',
         ubl(eur + '<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>' + tax % ('EUR', '1') + tax % ('EUR', '2')),
         [('BT-5', 'EUR'), ('BT-6', 'EUR'), ('BT-110', '1'), ('BT-111', '2')])
    good('vat-totals-three', 'a third total is one too many',
         ubl(eur + sek + tax % ('EUR', '1') + tax % ('SEK', '9') + tax % ('EUR', '1')),
         [('BT-5', 'EUR'), ('BT-6', 'SEK'), ('BT-110', '1'), ('BT-111', '9')], [(REPEATED, amounts, '1')],
         [('BT-110', AGAIN)])


def charge(indicator, body='<cbc:Amount>1</cbc:Amount>', last=False):
    flag = f'<cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>' if indicator is not None else ''
    return f'<cac:AllowanceCharge>{body if last else flag}{flag if last else body}</cac:AllowanceCharge>'


def selectors():
    path = '/ubl:Invoice/cac:AllowanceCharge/cbc:Amount'
    flag = '/ubl:Invoice/cac:AllowanceCharge/cbc:ChargeIndicator'
    for name, text in (('word', 'false'), ('digit', '0'), ('space', ' false\n'), ('capital', 'FALSE')):
        good('allowance-' + name, 'an allowance', ubl(charge(text)), [('BG-20.1/BT-92', '1')])
    for name, text in (('word', 'true'), ('digit', '1')):
        good('charge-' + name, 'a charge', ubl(charge(text)), [('BG-21.1/BT-99', '1')])
    good('charge-late', 'the indicator may stand last', ubl(charge('true', last=True)), [('BG-21.1/BT-99', '1')])
    good('charge-none', 'without indicator it is neither', ubl(charge(None)), [], [(UNSELECTED, path, '1')])
    good('charge-odd', 'nor with another', ubl(charge('maybe')), [], [(UNKNOWN, flag, 'maybe'), (UNSELECTED, path, '1')])
    flags = '<cbc:ChargeIndicator>%s</cbc:ChargeIndicator><cbc:Amount>1</cbc:Amount>'
    good('charge-two', 'two indicators that agree', ubl(charge('true', flags % '1')), [('BG-21.1/BT-99', '1')])
    good('charge-contradiction', 'two that do not', ubl(charge('true', flags % 'false')), [], [(UNSELECTED, path, '1')])
    good('charge-element', 'an indicator with an element in it',
         ubl(charge(None, '<cbc:ChargeIndicator>true<cbc:ID/></cbc:ChargeIndicator><cbc:Amount>1</cbc:Amount>')), [],
         [(UNKNOWN, flag + '/cbc:ID', ''), (UNSELECTED, path, '1')])
    good('charge-order', 'allowances and charges count apart',
         ubl(charge('true', '<cbc:AllowanceChargeReason>a</cbc:AllowanceChargeReason>') +
             charge('false', '<cbc:AllowanceChargeReason>b</cbc:AllowanceChargeReason>') +
             charge('true', '<cbc:AllowanceChargeReason>c</cbc:AllowanceChargeReason>')),
         [('BG-20.1/BT-97', 'b'), ('BG-21.1/BT-104', 'a'), ('BG-21.2/BT-104', 'c')])
    good('charge-price', 'a charge on a price is no term', ubl(
        '<cac:InvoiceLine><cac:Price>' + charge('true') + charge('false', '<cbc:Amount>2</cbc:Amount>') +
        '</cac:Price></cac:InvoiceLine>'), [('BG-25.1/BT-147', '2')],
        [(UNKNOWN, '/ubl:Invoice/cac:InvoiceLine/cac:Price/cac:AllowanceCharge/cbc:ChargeIndicator', 'true'),
         (UNSELECTED, '/ubl:Invoice/cac:InvoiceLine/cac:Price/cac:AllowanceCharge/cbc:Amount', '1')])

    def scheme(number, text):
        text = f'<cac:TaxScheme><cbc:ID>{text}</cbc:ID></cac:TaxScheme>' if text else ''
        return f'<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>{text}</cac:PartyTaxScheme>'

    def seller(body):
        return ubl(f'<cac:AccountingSupplierParty><cac:Party>{body}</cac:Party></cac:AccountingSupplierParty>')

    party = '/ubl:Invoice/cac:AccountingSupplierParty/cac:Party'
    good('tax-scheme', 'VAT is BT-31, all others are BT-32', seller(scheme('2', 'TAX') + scheme('1', 'vat')),
         [('BT-31', '1'), ('BT-32', '2')], [(UNKNOWN, party + '/cac:PartyTaxScheme/cac:TaxScheme/cbc:ID', 'TAX')])
    good('tax-scheme-none', 'no scheme is not VAT', seller(scheme('2', None)), [('BT-32', '2')])
    registration = '<ram:SpecifiedTaxRegistration><ram:ID%s>%d</ram:ID></ram:SpecifiedTaxRegistration>'
    cii_party = TRADE + '/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID'
    good('registration', 'the scheme of the number decides', trade(
        '<ram:SellerTradeParty>' + registration % (' schemeID="FC"', 2) + registration % (' schemeID="VA"', 1) +
        registration % ('', 3) + registration % (' schemeID="XX"', 4) + '</ram:SellerTradeParty>'),
        [('BT-31', '1'), ('BT-32', '2')],
        [(UNSELECTED, cii_party, '3'), (UNKNOWN, cii_party + '/@schemeID', 'XX'), (UNSELECTED, cii_party, '4')])
    ids = '<cac:PartyIdentification><cbc:ID%s>%s</cbc:ID></cac:PartyIdentification>'
    good('sepa', 'a creditor identifier is no seller identifier, whoever holds it',
         ubl('<cac:AccountingSupplierParty><cac:Party>' + ids % ('', 'a') + ids % (' schemeID="SEPA"', 's') +
             ids % (' schemeID="0088"', 'b') + '</cac:Party></cac:AccountingSupplierParty><cac:PayeeParty>' +
             ids % (' schemeID="SEPA"', 's') + ids % ('', 'p') + '</cac:PayeeParty>'),
         [('BT-29.1', 'a'), ('BT-29.2', 'b', {'scheme': '0088'}), ('BT-60', 'p'), ('BT-90', 's')])
    document = '<cac:AdditionalDocumentReference><cbc:ID schemeID="%s">%s</cbc:ID>%s</cac:AdditionalDocumentReference>'
    code = '<cbc:DocumentTypeCode>%s</cbc:DocumentTypeCode>'
    base = '/%s/cac:AdditionalDocumentReference'
    good('documents', 'type 130 is the invoiced object, all others support the invoice',
         ubl(document % ('X', 'a', '') + document % ('AAJ', 'b', code % '130') + document % ('Y', 'c', code % '50')),
         [('BG-24.1/BT-122', 'a'), ('BG-24.2/BT-122', 'c'), ('BT-18', 'b', {'scheme': 'AAJ'})],
         [(UNKNOWN, base % 'ubl:Invoice' + '/cbc:DocumentTypeCode', '50')])
    good('documents-credit-note', 'in a credit note type 50 is the project',
         note(document % ('X', 'a', '') + document % ('AAJ', 'b', code % '130') + document % ('Y', 'c', code % '50')),
         [('BG-24.1/BT-122', 'a'), ('BT-11', 'c'), ('BT-18', 'b', {'scheme': 'AAJ'})])
    reference = ('<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>%s</ram:IssuerAssignedID>'
                 '<ram:TypeCode>%s</ram:TypeCode>%s</ram:AdditionalReferencedDocument>')
    kind = '<ram:ReferenceTypeCode>%s</ram:ReferenceTypeCode>'
    cii_base = TRADE + '/ram:ApplicableHeaderTradeAgreement/ram:AdditionalReferencedDocument'
    good('documents-cii', 'in CII each kind has its type',
         trade(reference % ('a', '916', '') + reference % ('b', '130', kind % 'AAJ') + reference % ('c', '50', '') +
               reference % ('d', '220', kind % 'Z')),
         [('BG-24.1/BT-122', 'a'), ('BT-17', 'c'), ('BT-18', 'b', {'scheme': 'AAJ'})],
         [(UNSELECTED, cii_base + '/ram:IssuerAssignedID', 'd'), (UNKNOWN, cii_base + '/ram:TypeCode', '220'),
          (UNSELECTED, cii_base + '/ram:ReferenceTypeCode', 'Z')])
    good('document-kinds', 'one kind for one document',
         trade(reference % ('b', '130', kind % 'AAJ' + kind % 'AAK')), [('BT-18', 'b', {'scheme': 'AAJ'})],
         [(UNSELECTED, cii_base + '/ram:ReferenceTypeCode', 'AAK')])
    category = ('<cac:TaxTotal><cac:TaxSubtotal><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>7.00</cbc:Percent>'
                '<cac:TaxScheme><cbc:ID>%s</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>')
    at = '/ubl:Invoice/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory'
    good('category-vat', 'a VAT category', ubl(category % 'VAT'), [('BG-23.1/BT-118', 'S'), ('BG-23.1/BT-119', '7')])
    good('category-gst', 'the category of another tax', ubl(category % 'GST'), [('BG-23.1/BT-119', '7')],
         [(UNSELECTED, at + '/cbc:ID', 'S'), (UNKNOWN, at + '/cac:TaxScheme/cbc:ID', 'GST')])


def groups():
    item = ('<cac:Item>%s</cac:Item>')
    hs = '<cac:CommodityClassification><cbc:ItemClassificationCode listID="HS"%s>%s</cbc:ItemClassificationCode></cac:CommodityClassification>'
    prop = '<cac:AdditionalItemProperty><cbc:Name>%s</cbc:Name><cbc:Value>%s</cbc:Value></cac:AdditionalItemProperty>'
    line = '<cac:InvoiceLine>%s</cac:InvoiceLine>'
    good('groups', 'groups in groups count within them',
         ubl(line % (charge('true') + charge('false') + charge('true', '<cbc:Amount>2</cbc:Amount>') +
                     item % (hs % ('', '1') + hs % (' listVersionID="7"', '2') + prop % ('a', 'b') + prop % ('c', 'd'))) +
             line % (charge('true', '<cbc:Amount>3</cbc:Amount>') + item % (hs % ('', '3') + prop % ('e', 'f')))),
         [('BG-25.1/BG-27.1/BT-136', '1'), ('BG-25.1/BG-28.1/BT-141', '1'), ('BG-25.1/BG-28.2/BT-141', '2'),
          ('BG-25.1/BG-32.1/BT-160', 'a'), ('BG-25.1/BG-32.1/BT-161', 'b'), ('BG-25.1/BG-32.2/BT-160', 'c'),
          ('BG-25.1/BG-32.2/BT-161', 'd'), ('BG-25.1/BT-158.1', '1', {'scheme': 'HS'}),
          ('BG-25.1/BT-158.2', '2', {'scheme': 'HS', 'version': '7'}),
          ('BG-25.2/BG-28.1/BT-141', '3'), ('BG-25.2/BG-32.1/BT-160', 'e'), ('BG-25.2/BG-32.1/BT-161', 'f'),
          ('BG-25.2/BT-158.1', '3', {'scheme': 'HS'})])
    twelve = ''.join(line % f'<cbc:ID>{i}</cbc:ID>' for i in range(1, 13))
    good('group-order', 'the tenth stands behind the ninth', ubl(twelve),
         [(f'BG-25.{i}/BT-126', str(i)) for i in range(1, 13)])
    good('group-empty', 'a group without terms has no index', ubl(line % '' + line % '<cbc:ID>2</cbc:ID>'),
         [('BG-25.1/BT-126', '2')])
    good('line-credit-note', 'lines of a credit note', note(
        '<cac:CreditNoteLine><cbc:CreditedQuantity unitCode="C62">2.0</cbc:CreditedQuantity></cac:CreditNoteLine>'
        '<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>'
        '<cac:PaymentMeans><cbc:PaymentDueDate>2030-01-31</cbc:PaymentDueDate></cac:PaymentMeans>'),
        [('BG-25.1/BT-129', '2'), ('BG-25.1/BT-130', 'C62'), ('BT-3', '381'), ('BT-9', '2030-01-31')])
    good('line-wrong-root', 'which an invoice does not have', ubl('<cac:CreditNoteLine><cbc:ID>1</cbc:ID></cac:CreditNoteLine>'),
         [], [(UNKNOWN, '/ubl:Invoice/cac:CreditNoteLine/cbc:ID', '1')])
    means = ('<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>%s</ram:TypeCode>%s'
             '</ram:SpecifiedTradeSettlementPaymentMeans>')
    account = '<ram:PayeePartyCreditorFinancialAccount><ram:%s>%s</ram:%s></ram:PayeePartyCreditorFinancialAccount>'
    bic = '<ram:PayeeSpecifiedCreditorFinancialInstitution><ram:BICID>B</ram:BICID></ram:PayeeSpecifiedCreditorFinancialInstitution>'
    good('accounts-cii', 'an account is a credit transfer, a card is not', trade(
        settlement=means % ('58', '<ram:ApplicableTradeSettlementFinancialCard><ram:ID>9</ram:ID>'
                            '</ram:ApplicableTradeSettlementFinancialCard>') +
        means % ('58', account % ('IBANID', 'x', 'IBANID') + bic) + means % ('58', account % ('ProprietaryID', 'y', 'ProprietaryID'))),
        [('BG-17.1/BT-84', 'x'), ('BG-17.1/BT-86', 'B'), ('BG-17.2/BT-84', 'y'), ('BT-81', '58'), ('BT-87', '9')])
    means = '<cac:PaymentMeans><cbc:PaymentMeansCode name="%s">%s</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>%s</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>'
    good('accounts-ubl', 'payment means that repeat themselves', ubl(means % ('T', '58', 'x') + means % ('T', '58', 'y')),
         [('BG-17.1/BT-84', 'x'), ('BG-17.2/BT-84', 'y'), ('BT-81', '58'), ('BT-82', 'T')])
    good('accounts-ubl-other', 'and contradict themselves', ubl(means % ('T', '58', 'x') + means % ('T', '59', 'y')),
         [('BG-17.1/BT-84', 'x'), ('BG-17.2/BT-84', 'y'), ('BT-81', '58'), ('BT-82', 'T')],
         [(REPEATED, '/ubl:Invoice/cac:PaymentMeans/cbc:PaymentMeansCode', '59')], [('BT-81', AGAIN)])


def repeats():
    total = '<cac:LegalMonetaryTotal>%s</cac:LegalMonetaryTotal>'
    pay = '<cbc:PayableAmount>%s</cbc:PayableAmount>'
    path = '/ubl:Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount'
    for name, a, b in (('other', '1', '2'), ('same', '1', '1'), ('same-number', '1', '1.00')):
        good('two-totals-' + name, 'two totals are one too many, whatever they say', ubl(total % (pay % a + pay % b)),
             [('BT-115', a)], [(REPEATED, path, b.replace('.00', ''))], [('BT-115', AGAIN)])
    good('two-totals-groups', 'also in two groups', ubl(total % (pay % '1') + total % (pay % '2')),
         [('BT-115', '1')], [(REPEATED, path, '2')], [('BT-115', AGAIN)])
    good('repeat-empty', 'an empty text gives way', ubl('<cbc:ID/><cbc:ID>1</cbc:ID>'), [('BT-1', '1')],
         [(REPEATED, '/ubl:Invoice/cbc:ID', '')])
    buyer = '<ram:BuyerTradeParty>%s</ram:BuyerTradeParty>'
    at = TRADE + '/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty/ram:'
    good('alternatives', 'the better of two ways to write a term', trade(
        buyer % '<ram:ID>1</ram:ID><ram:GlobalID schemeID="0088">2</ram:GlobalID>'),
        [('BT-46', '2', {'scheme': '0088'})], [(REPEATED, at + 'ID', '1')])
    good('alternatives-empty', 'where the better one is empty', trade(
        buyer % '<ram:ID>1</ram:ID><ram:GlobalID schemeID="0088"/>'), [('BT-46', '1')], [(REPEATED, at + 'GlobalID', '')])
    good('alternatives-same', 'both say the same', trade(
        buyer % '<ram:DefinedTradeContact><ram:PersonName>x</ram:PersonName><ram:DepartmentName>x</ram:DepartmentName>'
        '</ram:DefinedTradeContact>'), [('BT-56', 'x')])
    price = ('<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedLineTradeAgreement><ram:GrossPriceProductTradePrice>'
             '<ram:BasisQuantity>%s</ram:BasisQuantity></ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice>'
             '<ram:BasisQuantity>%s</ram:BasisQuantity></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>'
             '</ram:IncludedSupplyChainTradeLineItem>')
    good('base-quantity', 'both prices have it', trade(lines=price % ('1', '1.0')), [('BG-25.1/BT-149', '1')])
    good('base-quantity-other', 'and contradict', trade(lines=price % ('1', '100')), [('BG-25.1/BT-149', '1')],
         [(REPEATED, TRADE + '/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeAgreement/'
           'ram:NetPriceProductTradePrice/ram:BasisQuantity', '100')], [('BG-25.1/BT-149', AGAIN)])
    good('qualifier-differs', 'the same identifier under two schemes is two',
         trade('<ram:SellerTradeParty><ram:SpecifiedLegalOrganization><ram:ID schemeID="1">x</ram:ID>'
               '<ram:ID schemeID="2">x</ram:ID></ram:SpecifiedLegalOrganization></ram:SellerTradeParty>'),
         [('BT-30', 'x', {'scheme': '1'})],
         [(REPEATED, TRADE + '/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/'
           'ram:SpecifiedLegalOrganization/ram:ID', 'x')], [('BT-30', AGAIN)])


def unmapped():
    good('unknown', 'elements, attributes and texts that the map does not have',
         ubl('<cbc:UBLVersionID>2.1</cbc:UBLVersionID><cbc:ID x="1" cbc:y="2">3</cbc:ID><cbc:Odd/><cac:Odd z="4">'
             '<cbc:ID>5</cbc:ID></cac:Odd>'), [('BT-1', '3')],
         [(UNKNOWN, '/ubl:Invoice/cbc:UBLVersionID', '2.1'), (UNKNOWN, '/ubl:Invoice/cbc:ID/@x', '1'),
          (UNKNOWN, '/ubl:Invoice/cbc:ID/@cbc:y', '2'), (UNKNOWN, '/ubl:Invoice/cbc:Odd', ''),
          (UNKNOWN, '/ubl:Invoice/cac:Odd/@z', '4'), (UNKNOWN, '/ubl:Invoice/cac:Odd/cbc:ID', '5')])
    good('stray', 'text between elements', ubl('a<cac:OrderReference>b<cbc:ID>1</cbc:ID>c</cac:OrderReference>d'),
         [('BT-13', '1')],
         [(UNKNOWN, '/ubl:Invoice', 'a'), (UNKNOWN, '/ubl:Invoice', 'd'),
          (UNKNOWN, '/ubl:Invoice/cac:OrderReference', 'b'), (UNKNOWN, '/ubl:Invoice/cac:OrderReference', 'c')])
    good('mixed', 'text and elements in an unknown element', ubl('<cac:Odd>a<cbc:X>b</cbc:X> </cac:Odd>'), [],
         [(UNKNOWN, '/ubl:Invoice/cac:Odd', 'a'), (UNKNOWN, '/ubl:Invoice/cac:Odd/cbc:X', 'b')])
    good('schema-location', 'a known prefix of others',
         ubl('<cbc:Odd xmlns:p="http://www.w3.org/2001/XMLSchema-instance" p:nil="true" xml:lang="de"/>'), [],
         [(UNKNOWN, '/ubl:Invoice/cbc:Odd/@xsi:nil', 'true'), (UNKNOWN, '/ubl:Invoice/cbc:Odd/@xml:lang', 'de'),
          (UNKNOWN, '/ubl:Invoice/cbc:Odd', '')])
    one = '<ext:UBLExtension><ext:ID>1</ext:ID><ext:ExtensionContent>%s</ext:ExtensionContent></ext:UBLExtension>'
    path = '/ubl:Invoice/ext:UBLExtensions/ext:UBLExtension'
    good('extensions', 'each extension once, by the name of what it holds',
         ubl('<ext:UBLExtensions>' + one % '<s:Sig xmlns:s="urn:example"><s:A>x</s:A></s:Sig><cbc:Two/>' + one % '' +
             '<ext:UBLExtension/></ext:UBLExtensions><cbc:ID>1</cbc:ID>'), [('BT-1', '1')],
         [(EXTENSION, path, 'Q{urn:example}Sig'), (EXTENSION, path, ''), (EXTENSION, path, '')])
    good('attribute-terms', 'attributes that are terms of their own', ubl(
        '<cac:InvoiceLine><cbc:InvoicedQuantity unitCode=" C62 " unitCodeListID="L">1</cbc:InvoicedQuantity>'
        '</cac:InvoiceLine>'), [('BG-25.1/BT-129', '1'), ('BG-25.1/BT-130', 'C62')],
        [(UNKNOWN, '/ubl:Invoice/cac:InvoiceLine/cbc:InvoicedQuantity/@unitCodeListID', 'L')])


def main():
    for section in (roots, texts, encodings, syntax_errors, decimals, dates, tax_points, notes, binaries, currencies,
                    selectors, groups, repeats, unmapped):
        section()
    vectors = {'format': 'aval-invoice-1', 'source': 'tests/vectors/make_invoice.py', 'count': len(CASES)}
    rows = ',\n  '.join(json.dumps(c, ensure_ascii=True) for c in CASES)
    text = json.dumps(vectors, indent=1)[:-2] + ',\n "cases": [\n  ' + rows + '\n ]\n}\n'
    sys.stdout.write(text)


if __name__ == '__main__':
    main()
