// Prints the command of a Nextflow process: groovy nextflow_section.groovy main.nf script|stub INPUTS
// INPUTS is a Groovy map of the process's inputs. Nextflow itself splits a process into sections; here the
// one section is cut out as text and Groovy evaluates it, strictly: an unknown name is an error.
def (path, section, inputs) = args
def text = new File(path).text
def parts = text.split(/(?m)^    (?=script:|stub:)/)
def code = parts.find { it.startsWith(section + ':') }.replaceFirst(/^\w+:/, '').replaceFirst(/(?s)\n\}\s*$/, '')
parts[1..-1].each { new GroovyShell().parse(parts[0] + '    ' + it + (it.trim().endsWith('}') ? '' : '}')) }

def names = [task: [ext: [:], process: 'TP53ANNOT'], fasta: []] + Eval.me(inputs)
print new GroovyShell(new Binding(names)).evaluate(code).stripIndent()
