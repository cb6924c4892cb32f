# All samples of the sheet, less those the config excludes: table, page and MultiQC content.


rule tp53annot_cohort:
    input:
        expand("results/reports/{sample}/{sample}.tp53.json", sample=SAMPLES),
    output:
        table=report(
            "results/cohort/cohort.tsv",
            caption="../report/cohort_table.rst",
            category="Cohort",
            labels={"file": "table"},
        ),
        page=report(
            "results/cohort/cohort.html",
            caption="../report/cohort_page.rst",
            category="Cohort",
            labels={"file": "page"},
        ),
        workbook="results/cohort/cohort.xlsx",
        multiqc="results/cohort/multiqc/tp53annot_mqc.json",
        versions="results/cohort/versions.yml",
        record="results/cohort/cohort.json",
    log:
        "results/logs/cohort.log",
    benchmark:
        "results/benchmarks/cohort.tsv"
    params:
        reports=lambda wildcards, input: [os.path.dirname(path) for path in input],
        folder=lambda wildcards, output: os.path.dirname(output.table),
    conda:
        "../envs/tp53annot.yaml"
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1000 * attempt,
        runtime=lambda wildcards, attempt: 30 * attempt,
    shell:
        "tp53annot cohort {params.reports:q} -o {params.folder:q} 2> {log:q}"
