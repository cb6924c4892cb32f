"""What is bundled: tables, rules, texts and statements, each against its checksum."""
