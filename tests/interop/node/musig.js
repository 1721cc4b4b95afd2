// SPDX-License-Identifier: Apache-2.0
// Sessions of musig_peer with @scure/btc-signer as co-signers; each case is a line of TAP.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { schnorr } from '@noble/curves/secp256k1.js';
import { IndividualPubkey, Session, keyAggExport, keyAggregate, nonceAggregate, nonceGen, sortKeys }
	from '@scure/btc-signer/musig2.js';

const PEER = process.argv[2];
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text) => Uint8Array.from(Buffer.from(text, 'hex'));
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const tag = sha256('aval/schnorr');
const digest = (message) => Uint8Array.from(sha256(tag, tag, message));

// A number whose point has an even y, as a Schnorr key's.
function scalar(name) {
	for (let i = 0; ; i++) {
		const number = Uint8Array.from(sha256(`${name} ${i}`));
		if (IndividualPubkey(number)[0] === 2)
			return number;
	}
}

// One signer of ours.
class Peer {
	constructor() {
		this.process = spawn(PEER, [], { stdio: ['pipe', 'pipe', 'inherit'] });
		this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
	}

	async ask(...words) {
		this.process.stdin.write(words.map((word) => typeof word === 'string' ? word : hex(word)).join(' ') + '\n');
		return (await this.lines.next()).value;
	}
}

const message = Buffer.from('three pallets of sealed bearings');
const same = (a, b) => hex(a) === hex(b);

// ours and theirs: how many signers of each. change(list, what, indexOfOneOfTheirs) may falsify what goes to ours.
async function session(name, ours, theirs, change = (list) => list) {
	const signers = [];
	for (let i = 0; i < ours + theirs; i++) {
		const secret = scalar(`${name} ${i}`);
		signers.push({ secret, key: IndividualPubkey(secret), peer: i < ours ? new Peer() : null });
	}
	const keys = sortKeys(signers.map((signer) => signer.key));
	signers.sort((a, b) => keys.findIndex((key) => same(key, a.key)) - keys.findIndex((key) => same(key, b.key)));
	const x = keyAggExport(keyAggregate(keys));
	const one = signers.findIndex((signer) => signer.peer === null);
	const given = signers.map((signer) => signer.key).reverse();
	for (const signer of signers) {
		if (signer.peer) {
			const [aggregate, nonce] = (await signer.peer.ask(signer.secret, message, ...given)).split(' ');
			assert.equal(aggregate, hex(x), 'one aggregate');
			signer.nonce = bytes(nonce);
		} else {
			const made = nonceGen(signer.key, signer.secret, x, digest(message));
			signer.nonce = made.public;
			signer.secretNonce = made.secret;
		}
	}
	const nonces = signers.map((signer) => signer.nonce);
	const theirSession = new Session(nonceAggregate(nonces), keys, digest(message));
	const answers = [];
	for (const signer of signers) {
		if (!signer.peer)
			signer.part = theirSession.sign(signer.secretNonce, signer.secret);
		else {
			const answer = await signer.peer.ask(...change(nonces.slice(), 'nonce', one));
			if (answer.startsWith('AVAL'))
				return { answer, one };
			signer.part = bytes(answer);
		}
	}
	const parts = signers.map((signer) => signer.part);
	signers.forEach((signer, i) => assert(theirSession.partialSigVerify(parts[i], nonces, i), `part ${i} is valid there`));
	const signature = theirSession.partialSigAgg(parts);
	for (const signer of signers)
		if (signer.peer)
			answers.push(await signer.peer.ask(...change(parts.slice(), 'part', one)));
	assert(schnorr.verify(signature, digest(message), x), 'the signature is valid there');
	return { answers, signature: hex(signature), one };
}

async function agree(name, ours, theirs) {
	const { answers, signature } = await session(name, ours, theirs);
	assert.equal(answers.length, ours);
	for (const answer of answers)
		assert.equal(answer, signature, 'one signature');
}

const one_more = (list, index) => {
	list[index] = Uint8Array.from(list[index]);
	list[index][31] ^= 1;
	return list;
};

const cases = {
	'one of ours, one of theirs': () => agree('pair', 1, 1),
	'one of ours, two of theirs': () => agree('three', 1, 2),
	'two of ours, one of theirs': () => agree('other three', 2, 1),
	'three of ours, checked by theirs': () => agree('ours', 3, 0),
	'a false part of theirs is named': async () => {
		const { answers, one } = await session('false part', 1, 2,
			(list, what, index) => what === 'part' ? one_more(list, index) : list);
		assert.deepEqual(answers, [`AVAL_E_MUSIG_PARTIAL ${one}`]);
	},
	'a nonce of theirs that is none is named': async () => {
		const { answer, one } = await session('false nonce', 1, 2, (list, what, index) => {
			list[index] = what === 'nonce' ? new Uint8Array(66) : list[index];
			return list;
		});
		assert.equal(answer, `AVAL_E_MUSIG_NONCE ${one}`);
	},
};

let number = 0, failed = 0;
for (const [name, run] of Object.entries(cases)) {
	number++;
	try {
		await run();
		console.log(`ok ${number} - ${name}`);
	} catch (error) {
		failed++;
		console.log(`not ok ${number} - ${name}`);
		console.log(String(error.stack).replace(/^/gm, '# '));
	}
}
console.log(`1..${number}`);
process.exit(failed === 0 ? 0 : 1);
