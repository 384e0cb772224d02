#!/bin/sh
# Remakes conversation.wav and conversation.txt beside this script: a support call spoken by two synthetic voices.
# Needs Debian's flite (2.2-5) and sox (14.4.2). The same versions give the same bytes.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# speaker|pause before the turn, seconds|what is said.  agent: voice slt; customer: voice rms
cat >"$work/turns" <<'TURNS'
agent|0.5|Good morning, thank you for calling customer service. How can I help you today?
customer|0.7|Hello. I placed an order last week and it has not arrived yet.
agent|0.6|I am sorry to hear that. Can you give me your order number please?
customer|0.9|Yes, the number is four seven two nine one.
agent|0.8|Thank you. One moment please while I check the status of your order.
agent|0.9|I can see that your package left our warehouse on Monday morning.
customer|0.5|But the web site said that it would be here by Wednesday.
agent|0.6|You are right. There was a problem with the delivery company and the package was sent to the wrong city.
customer|0.7|That is not good. I need it before the end of the week.
agent|0.6|I understand. I can send you a new package today, or I can give you a full refund.
customer|0.8|How long would the new package take?
agent|0.5|It would be at your house on Friday afternoon.
customer|0.6|All right, please send me a new one.
agent|0.7|I have done that for you. You do not have to pay anything for the delivery.
customer|0.6|Thank you very much for your help.
agent|0.5|You are welcome. Is there anything else I can do for you?
customer|0.6|No, that is all. Have a nice day.
agent|0.4|Thank you for calling. Good bye.
TURNS

: >conversation.txt
set --
turn=0
while IFS='|' read -r speaker pause text; do
  turn=$((turn + 1))
  case $speaker in agent) voice=slt ;; *) voice=rms ;; esac
  part=$(printf '%s/%02d.wav' "$work" "$turn")
  flite -voice "$voice" -t "$text" -o "$work/spoken.wav"
  sox -D "$work/spoken.wav" -b 16 -c 1 -r 16000 "$part" gain -n -6 pad "$pause" 0
  printf '%s: %s\n' "$speaker" "$text" >>conversation.txt
  set -- "$@" "$part"
done <"$work/turns"
# No dither: it would make each run differ.
sox -D "$@" conversation.wav pad 0 0.8
