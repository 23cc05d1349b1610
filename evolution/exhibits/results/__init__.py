"""What people answered, beside what networks claim: figures of one study."""
