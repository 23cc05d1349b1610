"""What programs are told: plain values, public ones only. Addresses are of this site, without its name."""
