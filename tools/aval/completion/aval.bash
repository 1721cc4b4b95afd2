# SPDX-License-Identifier: Apache-2.0
# Completion of aval for bash; zsh reads it after "autoload bashcompinit && bashcompinit".
# One row a command, as in "aval help"; a test holds them against each other.

_aval_options()
{
	case $1 in
	'key new') echo '--out --alg --json' ;;
	'key show') echo '--json' ;;
	'invoice terms') echo '--json' ;;
	'invoice check') echo '--at --json' ;;
	'token issue') echo '--key --debtor --registry --seed --out --amount --due --supplier --by-debtor --policy' \
		'--predecessor --terms --register-by --with-source --mandate --certificates --json' ;;
	'token accept') echo '--amount --no-consent --keep-defences' "$_aval_event" ;;
	'token reject') echo '--reason' "$_aval_event" ;;
	'token void') echo "$_aval_event" ;;
	'token assign') echo '--to --recourse --amount --note' "$_aval_event" ;;
	'token split') echo '--at --note' "$_aval_event" ;;
	'token merge') echo '--note' "$_aval_event" ;;
	'token sign') echo '--party' "$_aval_sign" ;;
	'token sign-batch') echo '--key --out --mandate --certificates --party --role --json' ;;
	'token show') echo '--json' ;;
	'token disclose') echo '--invoice --seed --terms --out --with-source --json' ;;
	'mandate new') echo '--key --registry --types --until --out --party --officer --group --threshold --cap --from' \
		'--replaces --certificate --json' ;;
	'mandate show') echo '--certificate --json' ;;
	'mandate revoke') echo '--key --out --at --reason --certificate --json' ;;
	'log new') echo '--key --origin --json' ;;
	'log append') echo '--key --entry --lines --json' ;;
	'log root') echo '--size --vkey --json' ;;
	'log prove') echo '--index --out --vkey --json' ;;
	'log verify') echo '--entry --vkey --witness --threshold --json' ;;
	'log consistency') echo '--old --vkey --json' ;;
	'log check') echo '--vkey --json' ;;
	'log evidence') echo '--other --vkey --out --json' ;;
	'log audit') echo '--vkey --json' ;;
	'log receipt') echo '--key --index --old --out --json' ;;
	'log verify-receipt') echo '--vkey --entry --old --checkpoint --proof --json' ;;
	'musig keys') echo '--member --out --json' ;;
	'musig start') echo '--group --out --party --mandate --invoice --seed --json' ;;
	'musig sign') echo '--key --wait --session --invoice --seed --json' ;;
	'musig show') echo '--invoice --seed --json' ;;
	'musig finish') echo '--out --certificates --invoice --seed --json' ;;
	'party check' | 'party show') echo '--json' ;;
	'party verify') echo '--anchor --crl --crl-mode --at --party --json' ;;
	'map new') echo '--out --json' ;;
	'map set') echo '--set --delete --out --json' ;;
	'map root') echo '--json' ;;
	'map prove') echo '--key --out --json' ;;
	'map verify') echo '--root --present --absent --json' ;;
	'verify') echo '--policy --trust --crl --crl-mode --registry-key --without --attested --at --json' ;;
	esac
}

_aval_sign='--key --out --mandate --certificates --invoice --seed --with-source --json'
_aval_event="--register-by $_aval_sign"

_aval_values()
{
	case $1 in
	--alg) echo 'es256k schnorr esp256' ;;
	--role) echo 'supplier debtor holder assignee' ;;
	--recourse) echo 'none full' ;;
	--crl-mode) echo 'required if-present ignored' ;;
	--without | --attested) echo 'encoding disclosure terms parties signatures identity mandates history registered' \
		'live duplicate fresh' ;;
	esac
}

_aval()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W 'key invoice token mandate musig log map party verify help --version' -- "$word"))
		return
	fi
	case $command in
	key) [ "$COMP_CWORD" -gt 2 ] || COMPREPLY=($(compgen -W 'new show' -- "$word")) ;;
	invoice) [ "$COMP_CWORD" -gt 2 ] || COMPREPLY=($(compgen -W 'terms check' -- "$word")) ;;
	token) [ "$COMP_CWORD" -gt 2 ] || COMPREPLY=($(compgen -W \
		'issue accept reject void assign split merge sign sign-batch show disclose' -- "$word")) ;;
	mandate) [ "$COMP_CWORD" -gt 2 ] || COMPREPLY=($(compgen -W 'new show revoke' -- "$word")) ;;
	log) [ "$COMP_CWORD" -gt 2 ] || COMPREPLY=($(compgen -W \
		'new append root prove verify consistency check audit evidence receipt verify-receipt' -- "$word")) ;;
	musig) [ "$COMP_CWORD" -gt 2 ] || COMPREPLY=($(compgen -W 'keys start sign show finish' -- "$word")) ;;
	party) [ "$COMP_CWORD" -gt 2 ] || COMPREPLY=($(compgen -W 'check show verify' -- "$word")) ;;
	map) [ "$COMP_CWORD" -gt 2 ] || COMPREPLY=($(compgen -W 'new set root prove verify' -- "$word")) ;;
	esac
	[ "$command" = verify ] || [ "$COMP_CWORD" -gt 2 ] || return
	[ "$command" = verify ] || command="$command ${COMP_WORDS[2]}"
	case $word in
	-*) COMPREPLY=($(compgen -W "$(_aval_options "$command")" -- "$word")) ;;
	*) COMPREPLY=($(compgen -W "$(_aval_values "$before")" -- "$word")) ;;
	esac
}

complete -o default -F _aval aval
