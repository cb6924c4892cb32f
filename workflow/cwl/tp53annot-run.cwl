#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: TP53 reports of one file
doc: |
  TP53 in acute lymphoblastic leukaemia: every sample of a VCF, BCF, BAM or CRAM to reports in which
  each statement has its source. The tool describes evidence and gives no advice.

hints:
  SoftwareRequirement:
    packages:
      tp53annot:
        version: ["0.1.0"]
  DockerRequirement:
    dockerPull: tp53annot:0.1.0
  ResourceRequirement:
    coresMin: 1
    ramMin: 500

baseCommand: [tp53annot, run]
# The folder is named after the file, so that those of many runs can lie side by side.
arguments: ["--output=$(inputs.calls_or_reads.nameroot)"]

inputs:
  calls_or_reads:
    type: File
    doc: VCF, VCF.gz, BCF, BAM or CRAM, with its index where there is one
    inputBinding: {position: 1}
    secondaryFiles: [.tbi?, .csi?, .bai?, ^.bai?, .crai?]
  bam:
    type: File?
    doc: Reads beside a VCF of one sample
    inputBinding: {prefix: --bam}
    secondaryFiles: [.bai?, ^.bai?, .csi?, .crai?]
  reference:
    type: File?
    doc: FASTA of the genome, needed for CRAM
    inputBinding: {prefix: --reference}
    secondaryFiles: [.fai?]
  target:
    type: File?
    inputBinding: {prefix: --target}
  callable:
    type: File?
    doc: BED of callable regions beside a VCF without reads
    inputBinding: {prefix: --callable}
  sample:
    type: string?
    doc: The sample to report, the tumour of a pair
    inputBinding: {prefix: --sample}
  normal:
    type: string?
    doc: The matched normal sample in the same VCF
    inputBinding: {prefix: --normal}
  context:
    type:
      - "null"
      - type: array
        items: string
        inputBinding: {prefix: --context=, separate: false}
    doc: Clinical context as KEY=VALUE, one sample only
  assembly:
    type:
      - "null"
      - type: enum
        symbols: [GRCh37, GRCh38]
    inputBinding: {prefix: --assembly}
  formats:
    type: string
    default: json,tsv,html,vcf
    inputBinding: {prefix: --format}
  min_vaf:
    type: float?
    inputBinding: {prefix: --min-vaf}
  include_filtered:
    type: boolean?
    inputBinding: {prefix: --include-filtered}

outputs:
  reports:
    type: Directory
    doc: A folder per sample, run.json and the overview
    outputBinding: {glob: "$(inputs.calls_or_reads.nameroot)"}
  json:
    type: File[]
    outputBinding: {glob: "$(inputs.calls_or_reads.nameroot)/*/*.tp53.json"}
  html:
    type: File[]
    outputBinding: {glob: "$(inputs.calls_or_reads.nameroot)/*/*.tp53.html"}
  annotated_vcf:
    type: File[]
    outputBinding: {glob: "$(inputs.calls_or_reads.nameroot)/*/*.tp53.vcf.gz"}
    secondaryFiles: [.tbi]

# 3: an input cannot be used; 5: some samples of several failed, the others are complete.
successCodes: [0]
permanentFailCodes: [1, 2, 3, 4, 5]
