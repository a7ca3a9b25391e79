// What a shell has to read so that it completes the words of koalaci. Each asks "koalaci complete" what may follow, which answers with a
// line for each word, with a tab before what it means; a line ":files" or ":directories" means that names of those may follow, too.

const BASH = `_koalaci() {
  local line current=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  [[ $current != = ]] || current=
  while IFS= read -r line; do
    case $line in
      :files) compopt -o filenames; mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current") ;;
      :directories) compopt -o filenames; mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$current") ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <(koalaci complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _koalaci koalaci
`;

const ZSH = `#compdef koalaci
_koalaci() {
  local line
  local -a described
  for line in "\${(@f)$(koalaci complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :files) _files ;;
      :directories) _files -/ ;;
      *) described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  if (( \${#described} )); then _describe koalaci described; fi
}
compdef _koalaci koalaci
`;

const FISH = `function __koalaci_complete
    set -l current (commandline --current-token)
    set -l before (commandline --current-process --tokenize --cut-at-cursor)
    for line in (koalaci complete -- $before[2..] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :directories
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end
complete --command koalaci --no-files --arguments '(__koalaci_complete)'
`;

const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

/** The shells for which there is one. */
export const SHELLS = Object.keys(SCRIPTS);

/** The script for a shell; undefined if there is none. */
export function completionScript(shell: string): string | undefined {
  return SCRIPTS[shell];
}
