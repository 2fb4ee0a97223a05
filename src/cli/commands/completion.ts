import { defineCommand, type Specs } from '../command.ts';
import { ANSWER } from '../completion-answers.ts';
import { EXIT, write } from '../context.ts';

/** Each asks the program, and leaves names of files to the shell where there is no answer. */
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
  fish: `# trustsieve: completion for fish. Write it to ~/.config/fish/completions/trustsieve.fish
function __trustsieve_answers
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l answers (env SHELL=fish ZSH_NAME= trustsieve ${ANSWER} $words "$word" 2>/dev/null)
    if test (count $answers) -gt 0
        printf '%s\\n' $answers
    else
        __fish_complete_path "$word"
    end
end
complete -c trustsieve -f -a '(__trustsieve_answers)'
`,
  powershell: `# trustsieve: completion for PowerShell. Add to $PROFILE:  trustsieve completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName trustsieve -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    $word = if ($wordToComplete -eq '') { '""' } else { $wordToComplete }
    $shell, $zsh = $env:SHELL, $env:ZSH_NAME
    try {
        $env:SHELL, $env:ZSH_NAME = 'fish', $null
        trustsieve ${ANSWER} @words $word 2>$null | Where-Object { $_.StartsWith($wordToComplete, 'Ordinal') } | ForEach-Object {
            $text, $meaning = $_ -split "\`t", 2
            if (-not $meaning) { $meaning = $text }
            [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $meaning)
        }
    } finally {
        $env:SHELL, $env:ZSH_NAME = $shell, $zsh
    }
}
`,
} as const;

type Shell = keyof typeof SCRIPTS;

const POSITIONALS = {
  shell: {
    choices: Object.keys(SCRIPTS) as Shell[],
    default: 'bash',
    describe: 'the shell to complete in',
  },
} as const satisfies Specs;

export const completionCommand = defineCommand({
  name: 'completion [shell]',
  summary: 'Print a script that completes commands and options in a shell',
  examples: [
    ['eval "$(trustsieve completion bash)"', 'in ~/.bashrc'],
    ['eval "$(trustsieve completion zsh)"', 'in ~/.zshrc, after compinit'],
    ['trustsieve completion fish > ~/.config/fish/completions/trustsieve.fish', 'for fish, once'],
    ['trustsieve completion powershell | Out-String | Invoke-Expression', 'in $PROFILE of PowerShell'],
  ],
  positionals: POSITIONALS,
  options: {},
  run: async (args, { stdout }) => {
    await write(stdout, SCRIPTS[args.shell]);
    return EXIT.done;
  },
});
