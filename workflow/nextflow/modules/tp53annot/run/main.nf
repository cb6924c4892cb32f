process TP53ANNOT_RUN {
    tag "$meta.id"
    label 'process_single'

    conda "${moduleDir}/environment.yml"
    container "tp53annot:0.1.0"

    input:
    // meta: id, and as wished normal (sample name in the VCF), patient, context (map of clinical fields)
    tuple val(meta), path(vcf), path(bam), path(indices)
    path fasta

    output:
    tuple val(meta), path("reports/*/*.tp53.json")      , emit: json
    tuple val(meta), path("reports/*/*.tp53.html")      , emit: html, optional: true
    tuple val(meta), path("reports/*/*.tp53.tsv")       , emit: tsv , optional: true
    tuple val(meta), path("reports/*/*.tp53.vcf.gz")    , emit: vcf , optional: true
    tuple val(meta), path("reports/*/*.tp53.vcf.gz.tbi"), emit: tbi , optional: true
    tuple val("${task.process}"), val('tp53annot'), eval("tp53annot --version | sed -n 's/^tp53annot //p'"), emit: versions_tp53annot, topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    def files = [vcf: vcf, bam: bam].findAll { it.value }
    def facts = [normal: meta.normal, patient: meta.patient].findAll { it.value } + (meta.context ?: [:])
    def row = [sample: prefix] + files + facts
    def reference = fasta ? "--reference ${fasta}" : ''
    """
    cat > sample.tsv <<'END_SHEET'
    ${row.keySet().join('\t')}
    ${row.values().join('\t')}
    END_SHEET

    tp53annot run \\
        ${files.values().join(' ')} \\
        --samples sample.tsv \\
        --output reports \\
        ${reference} \\
        ${args}
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    mkdir -p reports/${prefix}
    touch reports/${prefix}/${prefix}.tp53.json
    touch reports/${prefix}/${prefix}.tp53.html
    touch reports/${prefix}/${prefix}.tp53.tsv
    echo "" | gzip > reports/${prefix}/${prefix}.tp53.vcf.gz
    touch reports/${prefix}/${prefix}.tp53.vcf.gz.tbi
    """
}
