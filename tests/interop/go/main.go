// SPDX-License-Identifier: Apache-2.0

// Reads a log with the Go checksum database's own packages, or writes one, in the layout of C2SP tlog-tiles with
// checkpoints signed by P-256: the other side of tests/interop/test_go.py.
//
//	interop verify DIR VKEY [OLD-CHECKPOINT]...
//	interop write  DIR NAME SIZE
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height   = 8
	algECDSA = 2
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func require(ok bool, format string, args ...interface{}) {
	if !ok {
		log.Fatalf(format, args...)
	}
}

// verifier is a note.Verifier for ECDSA on P-256, signature type 0x02.
type verifier struct {
	name string
	hash uint32
	key  *ecdsa.PublicKey
}

func (v *verifier) Name() string    { return v.name }
func (v *verifier) KeyHash() uint32 { return v.hash }
func (v *verifier) Verify(msg, sig []byte) bool {
	digest := sha256.Sum256(msg)
	return ecdsa.VerifyASN1(v.key, digest[:], sig)
}

func keyHash(spki []byte) uint32 {
	sum := sha256.Sum256(spki)
	return binary.BigEndian.Uint32(sum[:])
}

func parseVerifier(vkey string) *verifier {
	parts := strings.SplitN(vkey, "+", 3)
	require(len(parts) == 3, "not a verifier key: %s", vkey)
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	must(err)
	data, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	require(len(data) > 1 && data[0] == algECDSA, "not a key of type 0x02")
	key, err := x509.ParsePKIXPublicKey(data[1:])
	must(err)
	require(uint32(hash) == keyHash(data[1:]), "the id is not the key's")
	return &verifier{parts[0], uint32(hash), key.(*ecdsa.PublicKey)}
}

// signer is a note.Signer with a key of its own.
type signer struct {
	name string
	key  *ecdsa.PrivateKey
	spki []byte
}

func newSigner(name string) *signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	must(err)
	return &signer{name, key, spki}
}

func (s *signer) Name() string    { return s.name }
func (s *signer) KeyHash() uint32 { return keyHash(s.spki) }
func (s *signer) Sign(msg []byte) ([]byte, error) {
	digest := sha256.Sum256(msg)
	return ecdsa.SignASN1(rand.Reader, s.key, digest[:])
}

func (s *signer) vkey() string {
	return fmt.Sprintf("%s+%08x+%s", s.name, s.KeyHash(), base64.StdEncoding.EncodeToString(append([]byte{algECDSA}, s.spki...)))
}

// path is a tile's, without the height that the checksum database writes into it.
func path(dir string, t tlog.Tile) string {
	return filepath.Join(dir, strings.Replace(t.Path(), "tile/8/", "tile/", 1))
}

func entriesPath(dir string, t tlog.Tile) string {
	return filepath.Join(dir, strings.Replace(t.Path(), "tile/8/0/", "tile/entries/", 1))
}

// tiles reads the tiles of a folder.
type tiles struct{ dir string }

func (r tiles) Height() int                     { return height }
func (r tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (r tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range list {
		data, err := os.ReadFile(path(r.dir, t))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func openCheckpoint(file string, v note.Verifier) tlog.Tree {
	text, err := os.ReadFile(file)
	must(err)
	n, err := note.Open(text, note.VerifierList(v))
	must(err)
	lines := strings.Split(n.Text, "\n")
	require(len(lines) == 4 && lines[0] == v.Name(), "not a checkpoint of %s", v.Name())
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	var tree tlog.Tree
	tree.N = size
	require(copy(tree.Hash[:], root) == tlog.HashSize && len(root) == tlog.HashSize, "a root of another length")
	return tree
}

// readEntries splits a bundle.
func readEntries(file string) [][]byte {
	data, err := os.ReadFile(file)
	must(err)
	var entries [][]byte
	for len(data) > 0 {
		require(len(data) >= 2, "%s ends inside a length", file)
		n := int(binary.BigEndian.Uint16(data))
		require(len(data) >= 2+n, "%s ends inside an entry", file)
		entries = append(entries, data[2:2+n])
		data = data[2+n:]
	}
	return entries
}

func entriesOf(dir string, size int64) [][]byte {
	var entries [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := 256
		if size-n*256 < 256 {
			width = int(size - n*256)
		}
		bundle := readEntries(entriesPath(dir, tlog.Tile{H: height, L: 0, N: n, W: width}))
		require(len(bundle) == width, "bundle %d has %d entries", n, len(bundle))
		entries = append(entries, bundle...)
	}
	return entries
}

func verify(dir, vkey string, old []string) {
	v := parseVerifier(vkey)
	tree := openCheckpoint(filepath.Join(dir, "checkpoint"), v)
	reader := tlog.TileHashReader(tree, tiles{dir})
	for i, entry := range entriesOf(dir, tree.N) {
		proof, err := tlog.ProveRecord(tree.N, int64(i), reader)
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), tlog.RecordHash(entry)))
	}
	for _, file := range old {
		earlier := openCheckpoint(file, v)
		if earlier.N == 0 {
			continue
		}
		proof, err := tlog.ProveTree(tree.N, earlier.N, reader)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, earlier.N, earlier.Hash))
	}
	fmt.Printf("%d %s\n", tree.N, tree.Hash)
}

func writeFile(file string, data []byte) {
	must(os.MkdirAll(filepath.Dir(file), 0o755))
	must(os.WriteFile(file, data, 0o644))
}

// hashes are the log's stored hashes, in memory.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var list []tlog.Hash
	for _, i := range indexes {
		list = append(list, h[i])
	}
	return list, nil
}

func write(dir, name string, size int64) {
	var stored hashes
	bundles := make(map[int64][]byte)
	for i := int64(0); i < size; i++ {
		entry := []byte(fmt.Sprintf("go entry %d", i))
		more, err := tlog.StoredHashes(i, entry, stored)
		must(err)
		stored = append(stored, more...)
		bundles[i/256] = append(append(bundles[i/256], byte(len(entry)>>8), byte(len(entry))), entry...)
	}
	for _, t := range tlog.NewTiles(height, 0, size) {
		data, err := tlog.ReadTileData(t, stored)
		must(err)
		writeFile(path(dir, t), data)
		if t.L == 0 {
			writeFile(entriesPath(dir, t), bundles[t.N])
		}
	}
	root, err := tlog.TreeHash(size, stored)
	must(err)
	s := newSigner(name)
	text := fmt.Sprintf("%s\n%d\n%s\n", name, size, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, s)
	must(err)
	writeFile(filepath.Join(dir, "checkpoint"), signed)
	fmt.Println(s.vkey())
}

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) >= 4 && os.Args[1] == "verify":
		verify(os.Args[2], os.Args[3], os.Args[4:])
	case len(os.Args) == 5 && os.Args[1] == "write":
		size, err := strconv.ParseInt(os.Args[4], 10, 64)
		must(err)
		write(os.Args[2], os.Args[3], size)
	default:
		log.Fatal("usage: interop verify DIR VKEY [OLD]... | interop write DIR NAME SIZE")
	}
}
