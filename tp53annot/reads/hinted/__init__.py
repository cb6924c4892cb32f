"""What single reads only hint at: clips, indels of one molecule in two places, doubts they leave."""
