# Makes a cluster in $1 with the programs in $2, says "ready", and ends it when
# standard input does. Its standard error goes nowhere: the log is in $1/log.
exec 2>/dev/null
dir=$1 programs=$2
umask 077

collation=
if "$programs/initdb" --help | grep -q -- --icu-locale; then
	collation='--locale-provider=icu --icu-locale=en'
fi

if "$programs/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 $collation \
	--no-sync --no-instructions >"$dir/log" 2>&1 &&
	"$programs/pg_ctl" start -s -w -t 60 -D "$dir/data" -l "$dir/log" -o "-k '$dir' -c listen_addresses= \
		-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off \
		-c shared_buffers=32MB -c max_connections=200" >>"$dir/log" 2>&1 </dev/null; then
	echo ready
	exec >/dev/null
	cat >/dev/null
	"$programs/pg_ctl" stop -s -m immediate -t 60 -D "$dir/data" >/dev/null
else
	echo failed
	exec >/dev/null
	cat >/dev/null
fi
cd /
rm -rf "$dir"
