#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: Workflow
label: TP53 reports of many files, and the cohort over them

requirements:
  ScatterFeatureRequirement: {}

inputs:
  calls_or_reads:
    type: File[]
    secondaryFiles: [.tbi?, .csi?, .bai?, ^.bai?, .crai?]
  assembly:
    type:
      - "null"
      - type: enum
        symbols: [GRCh37, GRCh38]

steps:
  run:
    run: tp53annot-run.cwl
    scatter: calls_or_reads
    in:
      calls_or_reads: calls_or_reads
      assembly: assembly
    out: [reports]
  cohort:
    run: tp53annot-cohort.cwl
    in:
      reports: run/reports
    out: [cohort]

outputs:
  reports:
    type: Directory[]
    outputSource: run/reports
  overview:
    type: Directory
    outputSource: cohort/cohort
