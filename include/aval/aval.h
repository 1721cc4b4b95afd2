/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_AVAL_H
#define AVAL_AVAL_H

/* The whole public API; each header says what it is for and what it refuses to do. */
#include <aval/audit.h>
#include <aval/base.h>
#include <aval/batch.h>
#include <aval/bundle.h>
#include <aval/certificate.h>
#include <aval/check.h>
#include <aval/checkpoint.h>
#include <aval/commitment.h>
#include <aval/currency.h>
#include <aval/date.h>
#include <aval/decimal.h>
#include <aval/disclosure.h>
#include <aval/event.h>
#include <aval/evidence.h>
#include <aval/executor.h>
#include <aval/export.h>
#include <aval/invoice.h>
#include <aval/key.h>
#include <aval/log.h>
#include <aval/log_folder.h>
#include <aval/mandate.h>
#include <aval/map.h>
#include <aval/map_proof.h>
#include <aval/merkle.h>
#include <aval/musig.h>
#include <aval/musig_file.h>
#include <aval/os.h>
#include <aval/party.h>
#include <aval/pkcs11.h>
#include <aval/portfolio.h>
#include <aval/prove.h>
#include <aval/range.h>
#include <aval/receipt.h>
#include <aval/signed_note.h>
#include <aval/signer.h>
#include <aval/state.h>
#include <aval/status.h>
#include <aval/tile.h>
#include <aval/tile_client.h>
#include <aval/tile_writer.h>
#include <aval/tlog_proof.h>
#include <aval/token.h>
#include <aval/verify.h>

#endif /* AVAL_AVAL_H */
