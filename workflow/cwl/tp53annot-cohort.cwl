#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Cohort page over TP53 reports
doc: Table, page and MultiQC content over the reports of any number of runs.

hints:
  SoftwareRequirement:
    packages:
      tp53annot:
        version: ["0.1.0"]
  DockerRequirement:
    dockerPull: tp53annot:0.1.0
  ResourceRequirement:
    coresMin: 1
    ramMin: 1000

requirements:
  # The reports lie beside the cohort's folder, as in the final output, so that the page's links lead to them.
  InitialWorkDirRequirement:
    listing: $(inputs.reports)

baseCommand: [tp53annot, cohort]
arguments: ["--output=cohort"]

inputs:
  reports:
    type: Directory[]
    doc: Folders with reports, as tp53annot-run.cwl makes them
    inputBinding: {position: 1}

outputs:
  cohort:
    type: Directory
    doc: Table, page and MultiQC content
    outputBinding: {glob: cohort}
