# What configure scripts do, with nothing but a shell: subshells, command substitutions, tests, words cut and joined.
# Usage: sh configure.sh ROUNDS; prints a digest.
sum=7
round=0
while [ $round -lt "$1" ]; do
  word=$(printf '%s-%s' "$round" "$sum")
  case $word in
    *[13579]-*) (exit 3) || sum=$(((sum * 31 + $?) % 1000003)) ;;
    *) sum=$(((sum * 17 + ${#word}) % 1000003)) ;;
  esac
  letter=0
  while [ $letter -lt 40 ]; do
    set -- "$1" a b "$word"
    [ "x$2" = "x$3" ] || sum=$(((sum + letter * ${#4}) % 1000003))
    letter=$((letter + 1))
  done
  round=$((round + 1))
done
echo $sum
