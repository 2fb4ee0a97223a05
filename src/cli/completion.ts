import type { Command } from './command.ts';
import { EXIT, write } from './context.ts';

/** The option by which yargs answers what could come next; it lists words, and with zsh what they mean. */
const ANSWER = '--get-yargs-completions';

const SCRIPTS = {
  bash: `# trustsieve: completion for bash. Add to ~/.bashrc:  eval "$(trustsieve completion bash)"
_trustsieve() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(SHELL=bash ZSH_NAME= trustsieve ${ANSWER} "\${COMP_WORDS[@]}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o bashdefault -o default -F _trustsieve trustsieve
`,
  zsh: `#compdef trustsieve
# trustsieve: completion for zsh. Add to ~/.zshrc after compinit:  eval "$(trustsieve completion zsh)"
_trustsieve() {
  local -a answers
  answers=("\${(@f)$(SHELL=zsh trustsieve ${ANSWER} "\${words[@]}" 2>/dev/null)}")
  if (( \${#answers} > 0 )) && [[ -n "\${answers[1]}" ]]; then
    _describe 'trustsieve' answers
  else
    _files
  fi
}
compdef _trustsieve trustsieve
`,
} as const;

type Shell = keyof typeof SCRIPTS;

export const completionCommand: Command = {
  name: 'completion [shell]',
  summary: 'Print a script that completes commands and options in a shell',
  examples: [
    ['eval "$(trustsieve completion bash)"', 'in ~/.bashrc'],
    ['eval "$(trustsieve completion zsh)"', 'in ~/.zshrc, after compinit'],
  ],
  options: (parser) =>
    parser.positional('shell', {
      choices: Object.keys(SCRIPTS) as Shell[],
      default: 'bash' as const,
      describe: 'the shell to complete in',
    }),
  run: async (args, { stdout }) => {
    await write(stdout, SCRIPTS[args['shell'] as Shell]);
    return EXIT.done;
  },
};
