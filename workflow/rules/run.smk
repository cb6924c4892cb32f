# One sample: its row of the sheet to its report in every format of the config.
# Resources are measured: see "Figures" in README.md.


rule tp53annot_run:
    input:
        unpack(input_files),
    output:
        sheet="results/sheets/{sample}.tsv",
        **report_files(),
    log:
        "results/logs/run/{sample}.log",
    benchmark:
        "results/benchmarks/run/{sample}.tsv"
    params:
        sheet=one_row_sheet,
        options=run_options,
        folder=lambda wildcards, output: os.path.dirname(output.json),
    conda:
        "../envs/tp53annot.yaml"
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 250 * attempt,
        runtime=lambda wildcards, attempt: 2 * attempt,
        lanes=1,  # profiles limit how many samples of one cluster job run at a time
    shell:
        """
        exec 2> {log:q}
        printf '%s' {params.sheet:q} > {output.sheet:q}
        scratch=$(mktemp -d)
        trap 'rm -rf "$scratch"' EXIT
        tp53annot run {input.files:q} --samples {output.sheet:q} -o "$scratch" {params.options}
        mv "$scratch"/{wildcards.sample}/* {params.folder:q}
        """
